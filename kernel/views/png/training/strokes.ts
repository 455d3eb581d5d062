/** How curves are drawn. */
import type { Scale } from '../axes';
import type { Context } from '../canvas';

/** A curve with gaps where its values are not finite. */
export function strokeCurve(
  context: Context,
  curve: { steps: ArrayLike<number>; values: ArrayLike<number> },
  x: Scale,
  y: Scale,
  style: { colour: string; width: number; alpha?: number; dash?: number[] },
): void {
  context.save();
  context.strokeStyle = style.colour;
  context.globalAlpha = style.alpha ?? 1;
  context.lineWidth = style.width;
  context.lineJoin = 'round';
  context.setLineDash(style.dash ?? []);
  context.beginPath();
  let down = false;
  for (let i = 0; i < curve.values.length; i++) {
    const value = curve.values[i]!;
    if (!Number.isFinite(value)) {
      down = false;
      continue;
    }
    const [px, py] = [x(curve.steps[i]!), y(value)];
    if (down) context.lineTo(px, py);
    else context.moveTo(px, py);
    down = true;
  }
  context.stroke();
  context.restore();
}

/** A ring on the paper's colour. */
export function dot(context: Context, x: number, y: number, radius: number, colour: string): void {
  if (!Number.isFinite(y)) return;
  context.save();
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = '#fff';
  context.fill();
  context.lineWidth = 1.3;
  context.strokeStyle = colour;
  context.stroke();
  context.restore();
}
