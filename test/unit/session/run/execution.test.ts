import { describe, expect, it } from 'vitest';
import type { Execute } from '../../../../kernel/protocol';
import { Execution, type Ending } from '../../../../kernel/session/run/execution';

const CELL: Execute = { type: 'execute', id: 'a', code: '', cellName: 'cell 1', language: 'typescript' };

function executionWith(settle: (execution: Execution) => void): { execution: Execution; endings: Ending[] } {
  const endings: Ending[] = [];
  const execution = new Execution(CELL, 1, (_, ending) => endings.push(ending));
  execution.hold(() => settle(execution));
  return { execution, endings };
}

describe('the end of a run', () => {
  it('comes when what it holds is settled, which is not late yet', () => {
    const late: boolean[] = [];
    const { execution, endings } = executionWith(({ ended }) => late.push(ended));
    execution.terminated();
    execution.terminated();
    expect(late).toEqual([false]);
    expect(execution.ended).toBe(true);
    expect(endings).toMatchObject([{ success: false, error: { kind: 'interrupt' } }]);
  });

  it('comes with the next word where the first was ended in the middle', () => {
    let calls = 0;
    const { execution, endings } = executionWith(() => {
      calls++;
      // As V8's termination, it passes every `catch` of the kernel.
      throw new Error('terminated');
    });
    expect(() => execution.terminated()).toThrow('terminated');
    expect(endings).toEqual([]);
    execution.terminated();
    expect(endings).toHaveLength(1);
    expect(calls).toBe(1);
  });
});
