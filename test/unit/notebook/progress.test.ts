import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../kernel/notebook/terminal/progress';
import type { RunEvent } from '../../../kernel/notebook/run';

const ready: RunEvent = {
  type: 'ready',
  cells: 3,
  device: { name: 'wasm', description: 'CPU', gpu: false, rungs: [] },
};
const cell = (index: number): RunEvent => ({ type: 'cell', name: `cell ${index + 1}`, index, cells: 3 });
const training = (done: number): RunEvent => ({
  type: 'progress',
  progress: { type: 'progress', id: 'a', label: `VAE epoch ${done}/20`, done, total: 20, secondsLeft: 62 },
});

function written(interval: number, events: RunEvent[]): string[] {
  const lines: string[] = [];
  const progress = createProgress({ write: (text) => lines.push(text) }, interval);
  for (const event of events) progress.show(event);
  progress.stop();
  return lines;
}

describe('progress where there is no terminal', () => {
  it('is in plain lines', () => {
    expect(written(0, [ready, cell(0), cell(1), training(5)])).toEqual([
      'cell 1 of 3\n',
      'cell 2 of 3\n',
      'cell 2 of 3: VAE epoch 5/20 (25 %), 1 min 2 s left\n',
    ]);
  });

  it('is not more than one line in its interval', () => {
    const steps = Array.from({ length: 20 }, (_, i) => training(i));
    expect(written(60_000, [ready, cell(0), cell(1), ...steps])).toHaveLength(1);
  });
});
