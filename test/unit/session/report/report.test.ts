import { describe, expect, it } from 'vitest';
import { report } from '../../../../kernel/session/report/report';

describe('report', () => {
  it.each([
    ['', 'with an empty name'],
    ['  ', 'named by spaces alone'],
    ['\n', 'named by spaces alone'],
  ])('refuses the name %j in words', (name, says) => {
    expect(() => report({ mig: 0.3, [name]: 1 })).toThrow(
      `report takes as "values" an object with a number for each metric, as { mig: 0.3 } (of a metric ${says});`,
    );
  });
});
