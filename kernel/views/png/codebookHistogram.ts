import { scaleLinear } from 'd3-scale';
import { decode } from '../encoding';
import type { CodebookHistogramView } from '../types';
import { count, counted, percent, quantity } from '../wording';
import { bottom, drawBottomAxis, drawLeftAxis, line, right, ticksOf } from './axes';
import type { Box, Scale } from './axes';
import { drawPng, drawText } from './canvas';
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

/** Codes by rank of use, as the live figure shows them at first; beside the even use of all codes and the dead codes. */
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
    const x = scaleLinear([0.3, Math.max(1, counts.length) + 0.7], [PANEL.left, right(PANEL)]);
    const y = scaleLinear([0, Math.max(1, counts[0] ?? 1) * 1.06], [bottom(PANEL), PANEL.top]);
    drawDeadCodes(context, view, counts.length, x);
    drawLeftAxis(context, PANEL, y, {
      label: 'uses',
      lines: true,
      ticks: ticksOf(y, 6, { whole: true }),
    });
    drawBars(context, counts, x, y);
    drawBottomAxis(context, PANEL, x, {
      label: 'rank (most used first)',
      ticks: ticksOf(x, Math.max(3, Math.floor(PANEL.width / 90)), { whole: true }),
    });
    if (total > 0) drawEvenUse(context, total / counts.length, y);
  });
}

function facts(view: CodebookHistogramView, codes: number): string {
  const share = percent(codes > 0 ? view.perplexity / codes : 0);
  const perplexity = `perplexity ${quantity(view.perplexity)} of ${count(codes)} codes (${share})`;
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

function drawEvenUse(context: Context, expected: number, y: Scale): void {
  const at = y(expected);
  if (!(at < bottom(PANEL) - 4)) return;
  context.save();
  context.setLineDash([4, 3]);
  line(context, PANEL.left, at, right(PANEL), at, INK, 1);
  context.restore();
  const style = { size: 10.5, align: 'right', halo: true } as const;
  const text = `even use: ${quantity(expected)} each`;
  drawText(context, text, right(PANEL) - 4, at - 4, style);
}
