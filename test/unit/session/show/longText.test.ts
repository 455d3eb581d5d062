import { describe, expect, it } from 'vitest';
import { LongText } from '../../../../kernel/session/show/longText';

const SIZE = 256 * 1024;

/** What is seen of a text that is printed in pieces. */
function seen(pieces: string[], longest?: number): { out: string; end: string } {
  const text = new LongText();
  const out = pieces.map((piece) => text.add(piece)).join('');
  return { out, end: text.long ? text.end(longest) : '' };
}

const lines = (n: number) => Array.from({ length: n }, (_, i) => `line ${i}\n`);

describe('a long text', () => {
  it('goes out as it comes while it is short', () => {
    expect(seen(lines(1000))).toEqual({ out: lines(1000).join(''), end: '' });
  });

  it('is whole with its end, as long as both are not full', () => {
    const pieces = lines(35_000);
    const { out, end } = seen(pieces);
    expect(out.length).toBeLessThanOrEqual(SIZE);
    expect(out + end).toBe(pieces.join(''));
  });

  it.each([
    ['in lines', lines(200_000)],
    ['at once', [lines(200_000).join('')]],
  ])('keeps whole lines of its beginning and its end, and counts those between, when it is printed %s', (_, pieces) => {
    const { out, end } = seen(pieces);
    const [, count, size, rest] = /^\n… ([\d,]+) lines \((\S+ [kM]B)\) left out here …\n\n([^]*)$/.exec(end)!;
    const all = pieces.join('');
    expect([all.startsWith(out), all.endsWith(rest!), out.endsWith('\n')]).toEqual([true, true, true]);
    const between = all.length - out.length - rest!.length;
    expect(Number(count!.replaceAll(',', ''))).toBe(200_000 - (out + rest).split('\n').length + 1);
    expect(size).toBe(`${(between / 1e6).toFixed(1)} MB`);
    expect(out.length + end.length).toBeLessThan(2 * SIZE + 100);
    expect(rest!.length).toBeGreaterThan(0.99 * SIZE);
  });

  it('shows as little of its end as it is asked for', () => {
    const { end } = seen(lines(200_000), 100);
    expect(end).toMatch(/left out here …\n\nline \d+\n[^]*line 199999\n$/);
    expect(end.length).toBeLessThan(200);
  });

  it('is cut within a line where there is no other', () => {
    const { out, end } = seen(['x'.repeat(10 * SIZE)]);
    expect(out).toHaveLength(SIZE);
    expect(end).toMatch(/^\n… a part of a line \(2\.1 MB\) left out here …\n\nx+$/);
  });
});
