import { scaleLinear, scaleLog } from 'd3-scale';
import { decode } from '../encoding';
import type { CodebookHistogramView } from '../types';
import { labelled, logTicks } from '../ticks';
import { count, counted, quantity } from '../wording';
import { bottom, drawBottomAxis, drawLeftAxis, line, right } from './axes';
import type { Box, Scale } from './axes';
import { drawPng, drawText, textWidth } from './canvas';
import type { Context } from './canvas';
import { pageWidth } from './page';
import { categoryColour, FAINT, INK, QUIET } from './palette';

const WIDTH = 720;
const PANEL: Box = {
  left: 68,
  top: 70,
  get width() {
    return pageWidth(WIDTH) - 90;
  },
  height: 230,
};

/** Codes by rank of use on a logarithmic axis; beside the even use of all codes, the perplexity and the dead codes. */
export function codebookHistogramPng(view: CodebookHistogramView): Buffer {
  const counts = Array.from(decode(view.counts)).sort((a, b) => b - a);
  const total = counts.reduce((sum, value) => sum + value, 0);
  return drawPng(pageWidth(WIDTH), bottom(PANEL) + 52, (context) => {
    drawText(context, view.title, 14, 22, { size: 14, weight: 'bold', maxWidth: pageWidth(WIDTH) - 28 });
    drawText(context, facts(view, counts.length), 14, 39, {
      size: 10.5,
      colour: QUIET,
      maxWidth: pageWidth(WIDTH) - 28,
    });
    const x = scaleLinear([0.5, Math.max(1, counts.length) + 0.5], [PANEL.left, right(PANEL)]);
    const y = scaleLog([0.8, Math.max(10, (counts[0] ?? 1) * 1.4)], [bottom(PANEL), PANEL.top]);
    drawDeadCodes(context, view, counts.length, x);
    drawLeftAxis(context, PANEL, y, {
      label: 'times used',
      lines: true,
      ticks: logTicks(y.domain()[0]!, y.domain()[1]!, 7, { whole: true }),
    });
    drawBars(context, counts, x, y);
    drawBottomAxis(context, PANEL, x, { label: 'code, by rank of use', ticks: labelled(rankTicks(x, counts.length)) });
    if (total > 0) {
      drawEvenUse(context, total / counts.length, x(counts.length - view.deadCodes + 0.5), y);
      drawPerplexity(context, view.perplexity, counts.length, x);
    }
  });
}

function facts(view: CodebookHistogramView, codes: number): string {
  const share = codes > 0 ? Math.round((100 * view.perplexity) / codes) : 0;
  const perplexity = `perplexity ${quantity(view.perplexity)} of ${count(codes)} codes (${share} %)`;
  return `${view.window}; ${perplexity}; ${counted(view.deadCodes, 'dead code')}`;
}

function drawBars(context: Context, counts: number[], x: Scale, y: Scale): void {
  const pitch = x(2) - x(1);
  const gap = pitch > 4 ? Math.min(2, pitch * 0.15) : 0;
  context.save();
  context.fillStyle = categoryColour(0);
  counts.forEach((value, rank) => {
    if (value === 0) return;
    const top = y(value);
    context.fillRect(x(rank + 0.5) + gap / 2, top, Math.max(pitch - gap, 0.5), bottom(PANEL) - top);
  });
  context.restore();
}

/** A grey field under the ranks that were never used. */
function drawDeadCodes(context: Context, view: CodebookHistogramView, codes: number, x: Scale): void {
  if (view.deadCodes === 0) return;
  const start = x(codes - view.deadCodes + 0.5);
  context.fillStyle = FAINT;
  context.fillRect(start, PANEL.top, right(PANEL) - start, PANEL.height);
  const middle = (start + right(PANEL)) / 2;
  const style = { size: 11, colour: QUIET, align: 'center', baseline: 'middle' } as const;
  if (right(PANEL) - start > 48)
    drawText(context, `${count(view.deadCodes)} dead`, middle, PANEL.top + PANEL.height / 2, style);
}

function drawEvenUse(context: Context, expected: number, end: number, y: Scale): void {
  const at = y(expected);
  if (!(at < bottom(PANEL) - 4)) return;
  context.save();
  context.setLineDash([4, 3]);
  line(context, PANEL.left, at, right(PANEL), at, INK, 1);
  context.restore();
  const style = { size: 10.5, align: 'right', halo: true } as const;
  const text = `even use: ${quantity(expected)} each`;
  const least = PANEL.left + 6 + textWidth(context, text, style);
  drawText(context, text, Math.max(least, end - 6), at - 5, style);
}

function drawPerplexity(context: Context, perplexity: number, codes: number, x: Scale): void {
  const at = x(perplexity + 0.5);
  line(context, at, PANEL.top - 8, at, bottom(PANEL), categoryColour(1), 1.3);
  const align = perplexity > codes / 2 ? 'right' : 'left';
  const text = `perplexity ${quantity(perplexity)}`;
  drawText(context, text, at + (align === 'right' ? -5 : 5), PANEL.top - 3, {
    size: 10.5,
    colour: categoryColour(1),
    align,
    halo: true,
  });
}

/** Round ranks, the first and the last of all among them. */
function rankTicks(x: Scale, codes: number): number[] {
  const step = x.ticks(8).at(-1)! / Math.max(1, x.ticks(8).length - 1);
  const inner = x.ticks(8).filter((tick) => Number.isInteger(tick) && tick > 1 && tick <= codes - step / 2);
  return [...new Set([1, ...inner, codes])];
}
