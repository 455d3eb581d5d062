import { describe, expect, it } from 'vitest';
import { hasReached, verdicts, verdictText } from '../../../kernel/sweeps/halving';
import { plannedRecord } from '../../../kernel/sweeps/results';
import type { RunState } from '../../../kernel/sweeps/results';

/** A run that has reported these values of `loss`. */
function run(index: number, parameters: object, values: (number | null)[], state: RunState = 'waiting', seed = 0) {
  const record = { ...plannedRecord({ index, parameters: { ...parameters }, seed }, ''), state };
  const reports = values.map((loss, i) => ({ time: '', training: 1, step: i, epoch: i, values: { loss } }));
  return { index, record, reports };
}

const rule = { metric: 'loss', goal: 'min' as const, rungs: [1, 2], factor: 3 };
const goingOn = (found: ReturnType<typeof verdicts>) =>
  [...found].flatMap(([index, { goesOn }]) => (goesOn ? [index] : []));

describe('successive halving', () => {
  it('keeps the best ⌊n / η⌋ at each rung, and at least one', () => {
    const runs = [5, 3, 9, 1, 7, 2, 8].map((loss, i) => run(i + 1, { a: i }, [loss, 10 - loss]));
    expect(goingOn(verdicts(rule, runs, 1)).sort()).toEqual([4, 6]);
    // The second has 8 at the next rung, and the first 9.
    const second = verdicts(rule, runs, 2);
    expect(goingOn(second)).toEqual([6]);
    expect(verdictText(rule, second.get(4)!)).toBe(
      'Successive halving: at rung 2, after 2 reports of loss, its configuration was number 2 of 2; 1 went on.',
    );
    expect(second.get(3)).toMatchObject({ rung: 1, place: 7, of: 7, kept: 2 });
  });

  it('keeps the greatest where more is better', () => {
    const runs = [5, 3, 9].map((loss, i) => run(i + 1, { a: i }, [loss]));
    expect(goingOn(verdicts({ ...rule, goal: 'max' }, runs, 1))).toEqual([3]);
  });

  it('takes a configuration by the mean over its seeds, which go on together', () => {
    const runs = [
      run(1, { a: 1 }, [0]),
      run(2, { a: 1 }, [10], 'waiting', 1),
      run(3, { a: 2 }, [4]),
      run(4, { a: 2 }, [4], 'waiting', 1),
      run(5, { a: 3 }, [6]),
      run(6, { a: 3 }, [6], 'waiting', 1),
    ];
    expect(goingOn(verdicts(rule, runs, 1)).sort()).toEqual([3, 4]);
  });

  it('puts failures and values that are not finite last; a run that ended early counts by its last value', () => {
    const runs = [
      run(1, { a: 1 }, [1], 'failed'),
      run(2, { a: 2 }, [null]),
      run(3, { a: 3 }, [9, 3]),
      run(4, { a: 4 }, [8], 'done'),
    ];
    expect(goingOn(verdicts({ ...rule, factor: 2 }, runs, 1)).sort()).toEqual([3, 4]);
    expect(goingOn(verdicts({ ...rule, factor: 2 }, runs, 2))).toEqual([3]);
    expect(runs.map((one) => hasReached(one, 'loss', 2))).toEqual([true, false, true, true]);
  });
});
