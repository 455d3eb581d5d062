/** Marks on a canvas. */
import { bendsOf, type Colours, type ColourRole, type Mark, type PathMark } from '../../../figures/marks';
import { fontOf, type Context } from '../canvas';

/** The oblique face of the font is the upright one, turned so: 11° to the right. */
const SLANT = -Math.tan((11 * Math.PI) / 180);

export function paintMarks(context: Context, marks: readonly Mark[], colours: Colours): void {
  for (const mark of marks) paintMark(context, mark, colours);
}

function paintMark(context: Context, mark: Mark, colours: Colours): void {
  switch (mark.kind) {
    case 'group':
      return paintMarks(context, mark.marks, colours);
    case 'rect':
      context.beginPath();
      context.roundRect(mark.x, mark.y, mark.width, mark.height, mark.radius ?? 0);
      return paint(context, mark, colours);
    case 'ellipse':
      context.beginPath();
      context.ellipse(mark.x, mark.y, mark.rx, mark.ry, 0, 0, 2 * Math.PI);
      return paint(context, mark, colours);
    case 'path':
      context.beginPath();
      trace(context, mark);
      return paint(context, mark, colours);
    case 'text': {
      const { x, y, text, size, anchor, isBold, isItalic, hasHalo, turn, fill } = mark;
      context.save();
      context.font = fontOf({ size, weight: isBold ? 'bold' : 'normal' });
      context.textAlign = anchor === 'middle' ? 'center' : anchor === 'end' ? 'right' : 'left';
      context.translate(x, y);
      if (turn) context.rotate((turn * Math.PI) / 180);
      if (isItalic) context.transform(1, 0, SLANT, 1, 0, 0);
      if (hasHalo) {
        context.strokeStyle = colours('background');
        context.lineWidth = 3.5;
        context.lineJoin = 'round';
        context.strokeText(text, 0, 0);
      }
      context.fillStyle = colours(fill);
      context.fillText(text, 0, 0);
      return context.restore();
    }
  }
}

function trace(context: Context, mark: PathMark): void {
  const [first, ...others] = mark.points;
  if (!first) return;
  context.moveTo(first[0], first[1]);
  if (mark.isSmooth) for (const { from, to, end } of bendsOf(mark)) context.bezierCurveTo(...from, ...to, ...end);
  else for (const [x, y] of others) context.lineTo(x, y);
  if (mark.isClosed) context.closePath();
}

interface Paint {
  fill?: ColourRole;
  stroke?: ColourRole;
  strokeWidth?: number;
  dash?: readonly number[];
  opacity?: number;
}

function paint(context: Context, mark: Paint, colours: Colours): void {
  const { fill = 'none', stroke, strokeWidth = 1, dash = [], opacity = 1 } = mark;
  if (fill !== 'none') {
    context.save();
    context.globalAlpha *= opacity;
    context.fillStyle = colours(fill);
    context.fill();
    context.restore();
  }
  if (!stroke) return;
  context.save();
  context.strokeStyle = colours(stroke);
  context.lineWidth = strokeWidth;
  context.lineJoin = 'round';
  context.setLineDash([...dash]);
  context.stroke();
  context.restore();
}
