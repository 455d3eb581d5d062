/** What the kernel draws of a training, from the data alone; test/renderer/samePicture.test.ts holds it beside the page. */
import { describe, expect, it } from 'vitest';
import { arrangeGrid } from '../../../kernel/figures/panel/arrangement';
import { textWidth } from '../../../kernel/figures/marks';
import type { Mark } from '../../../kernel/figures/marks';
import { trainingPicture } from '../../../kernel/figures/training/picture';
import { decode } from '../../../kernel/views/encoding';
import { lossCurves } from '../../../kernel/views/index';
import type { LossHistory } from '../../../kernel/views/index';
import { fallingHistory } from '../views/histories';

const drawn = (history: LossHistory, width = 860) =>
  trainingPicture(lossCurves(history, { id: 'a' }), { decode, width, widthOf: textWidth });

const texts = (marks: readonly Mark[]) => marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));

describe('the picture of a training', () => {
  it('has a panel for each term, the total first, with all that is known of the term and the weights beside the total', () => {
    const { pages } = drawn(fallingHistory());
    expect(pages.map(({ id }) => id)).toEqual(['terms']);
    const [page] = pages;
    expect(page!.panels.map(({ lines }) => lines.map(({ name }) => name))).toEqual([
      ['raw total', 'train total', 'validation total', 'schedule β'],
      ['raw reconstruction', 'train reconstruction'],
      ['raw kl', 'train kl'],
    ]);
    expect(page!.panels.map(({ y, right }) => [y.title, right?.title])).toEqual([
      ['nats per image', 'β'],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it('gives the mean of the last epoch of training and the last value of validation', () => {
    const { marks } = drawn(fallingHistory(2, 4));
    const trained = 100 + 100 * (1 / 5 + 1 / 6 + 1 / 7 + 1 / 8);
    const checked = 100 + 400 / 8 + 2;
    expect(texts(marks)).toContain(`${trained.toPrecision(4)} last epoch · val. ${checked.toPrecision(4)}`);
  });

  it('says how high the curves go where an axis leaves their beginning out, and what the weight of the average is', () => {
    const { marks, notes } = drawn(fallingHistory(3, 100));
    expect(notes).toEqual([expect.stringContaining('total (up to 500), reconstruction (up to 494)')]);
    expect(texts(marks)).toContain('training, smoothed (weight 0.9)');
  });

  it('stays within its width: panels below each other, names and readings cut to their panels', () => {
    const history = fallingHistory();
    history.series[1]!.name = 'the reconstruction of a picture, summed over all of its pixels';
    for (const width of [300, 520, 860]) {
      const { pages, marks } = drawn(history, width);
      for (const { box } of pages.flatMap(({ panels }) => panels))
        expect(box.left + box.width).toBeLessThanOrEqual(width);
      for (const mark of marks) {
        if (mark.kind !== 'text' || mark.y < 60) continue;
        expect(mark.x + textWidth(mark.text, mark.size, mark.isBold)).toBeLessThanOrEqual(width + 16);
      }
    }
  });

  it('cuts a name only where its shortest reading would not fit beside it', () => {
    const history = fallingHistory();
    const name = 'reconstruction of the image';
    history.series[1]!.name = name;
    const { marks } = drawn(history);
    const at = texts(marks).findIndex((text) => text.startsWith('reconstruction'));
    expect(texts(marks).slice(at, at + 2)).toEqual([name, expect.stringMatching(/^\d+\.\d$/)]);
  });

  it('has panels of one size in rows that are as even as they can be', () => {
    const rowsOf = (count: number, width: number) => {
      const tops = arrangeGrid(count, width).boxes.map(({ top }) => top);
      return [...new Set(tops)].map((top) => tops.filter((one) => one === top).length);
    };
    expect([1, 2, 3, 4, 5, 6].map((count) => rowsOf(count, 856))).toEqual([[1], [2], [3], [2, 2], [3, 2], [3, 3]]);
    expect(rowsOf(3, 700)).toEqual([2, 1]);
    expect(rowsOf(3, 500)).toEqual([1, 1, 1]);
    for (const width of [300, 700, 856, 1200]) {
      for (const { left, width: wide } of arrangeGrid(6, width).boxes) expect(left + wide).toBeLessThanOrEqual(width);
    }
  });

  it('promises no curves where no step was taken', () => {
    const history = fallingHistory(1, 0);
    const { pages, marks } = drawn({ ...history, progress: { ...history.progress, state: 'cancelled' } });
    expect(pages).toEqual([]);
    expect(texts(marks).join(' ')).toContain('no step was taken');
  });
});
