import { describe, expect, it } from 'vitest';
import { RowTable } from '../../../../kernel/engine/runtimes/residence';

const table = () =>
  new RowTable(
    Float32Array.from({ length: 12 }, (_, i) => i),
    3,
  );

describe('rows of a table', () => {
  it('come one after the other, as often as they are asked for', () => {
    expect([...table().gather(Int32Array.of(2, 0, 2))]).toEqual([6, 7, 8, 0, 1, 2, 6, 7, 8]);
  });

  it('lie in the memory of a batch that is done with, and in no other', () => {
    const rows = table();
    const [first, second] = [rows.gather(Int32Array.of(0, 1)), rows.gather(Int32Array.of(2, 3))];
    expect(second.buffer).not.toBe(first.buffer);
    rows.giveBack(first);
    const smaller = rows.gather(Int32Array.of(1));
    expect(smaller.buffer).not.toBe(first.buffer);
    const third = rows.gather(Int32Array.of(3, 3));
    expect(third.buffer).toBe(first.buffer);
    expect([...third]).toEqual([9, 10, 11, 9, 10, 11]);
    expect([...second]).toEqual([6, 7, 8, 9, 10, 11]);
    // It serves one batch at a time.
    expect(rows.gather(Int32Array.of(0, 0)).buffer).not.toBe(first.buffer);
  });
});
