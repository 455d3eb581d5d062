/** The divergence of each latent dimension, epoch by epoch, as a map; the most divergent dimension is on top. */
import { scaleLinear } from 'd3-scale';
import { shadeOf } from '../../training/epochFigures';
import type { DivergenceMap } from '../../training/epochFigures';
import { latentName, quantity } from '../../wording';
import { bottom, clipped, drawBottomAxis, drawFrame, drawLeftAxis, right } from '../axes';
import type { Box } from '../axes';
import { drawText } from '../canvas';
import type { Context } from '../canvas';
import { categoryColour, css, QUIET } from '../palette';
import { STEP_AXIS, stepScale, stepTicks } from './steps';
import type { Steps } from './steps';

/** Pixels that the name of a row needs. */
const ROW = 13;

/** @param begins the step that the first column begins at */
export function drawDivergences(
  context: Context,
  box: Box,
  { kl, order, active, greatest }: DivergenceMap,
  steps: Steps,
  begins: number,
): void {
  const x = stepScale(steps, box);
  const rows = order.length;
  const height = box.height / rows;
  clipped(context, box, () => {
    for (let column = 0; column < kl.steps.length; column++) {
      const from = column === 0 ? Math.min(begins, kl.steps[0]!) : kl.steps[column - 1]!;
      const [left, end] = [x(from), x(kl.steps[column]!)];
      order.forEach((dimension, row) => {
        const value = kl.values[column * kl.dimensions + dimension]!;
        context.fillStyle = Number.isFinite(value) ? shade(shadeOf(value, greatest)) : '#bd1f01';
        // Half a pixel more, so that no seam of the paper is seen between cells.
        context.fillRect(left, box.top + row * height, end - left + 0.5, height + 0.5);
      });
    }
  });
  drawFrame(context, box);
  const y = scaleLinear([0.5, rows + 0.5], [bottom(box), box.top]);
  const stride = Math.max(1, Math.ceil(ROW / height));
  const ticks = order.flatMap((dimension, row) =>
    row % stride === 0
      ? [{ value: rows - row, text: `${active[dimension] ? '● ' : ''}${latentName(dimension + 1)}` }]
      : [],
  );
  drawLeftAxis(context, box, y, { ticks });
  drawBottomAxis(context, box, x, { label: STEP_AXIS, ticks: stepTicks(x, box) });
  const units = active.filter(Boolean).length;
  const text = `● active: ${units} of ${rows}; 0 to ${quantity(Number(greatest.toPrecision(3)))}`;
  drawText(context, text, right(box), box.top - 7, { size: 10, colour: QUIET, align: 'right' });
}

/** From the paper to the colour of the term, and on to black. */
function shade(share: number): string {
  const colour = categoryColour(2);
  const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as [number, number, number];
  const mixed = channels.map((channel) =>
    Math.round(share < 0.75 ? 255 + ((channel - 255) * share) / 0.75 : channel * (1 - (share - 0.75) * 1.6)),
  );
  return css(mixed as [number, number, number]);
}
