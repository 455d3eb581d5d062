import { afterEach, describe, expect, it } from 'vitest';
import { prepareStacksBy, scriptsUnderWay } from '../../../../kernel/session/show/callSites';

const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');

afterEach(() => {
  if (before) Object.defineProperty(Error, 'prepareStackTrace', before);
  else Reflect.deleteProperty(Error, 'prepareStackTrace');
});

const underTimer = () => new Promise<string[]>((resolve) => setImmediate(() => resolve(scriptsUnderWay())));

describe('the scripts on the stack', () => {
  it('have Node’s own among them, also where stacks show the user’s frames alone', async () => {
    prepareStacksBy({ write: () => '', mapped: () => [] });
    const scripts = await underTimer();
    expect(scripts[0]).toContain('callSites.test.ts');
    expect(scripts.at(-1)).toMatch(/^node:internal\/timers/);
  });

  it('are found beside a function that users set, which stays', async () => {
    prepareStacksBy({ write: () => '', mapped: (sites) => sites });
    Error.prepareStackTrace = () => 'theirs';
    expect((await underTimer()).at(-1)).toMatch(/^node:internal/);
    expect(new Error('x').stack).toBe('theirs');
  });
});
