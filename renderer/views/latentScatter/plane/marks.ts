/** What moves over the plane: the crosshair where something is decoded, the ring and the card of the point pointed at. */
import { BesidePlace } from '../../../besidePlace';
import type { Size } from '../../../besidePlace';
import { setAttributes, svg } from '../../../dom';
import type { Area } from '../../../gl/points';
import type { Stage } from '../../../figure/stage';
import type { Theme } from '../../../theme';
import type { HoverCard } from '../decoding/hoverCard';

const ARM = 9;
const HOLE = 3.5;

export class Marks {
  private readonly halo = svg('path', { fill: 'none', 'stroke-width': 4, 'stroke-linecap': 'round' });
  private readonly cross = svg('path', { fill: 'none', 'stroke-width': 1.75, 'stroke-linecap': 'round' });
  private readonly shape = svg('path', { class: 'shape', 'fill-rule': 'evenodd' });
  private readonly window = svg('rect');
  private readonly way = svg('path', { class: 'way-line', fill: 'none', 'clip-path': 'url(#way-window)' });
  private readonly ring = svg('circle', { r: 6, fill: 'none', 'stroke-width': 1.75 });
  private readonly place: BesidePlace;
  private readonly layer = svg('svg', { class: 'marks', 'aria-hidden': 'true', width: '100%', height: '100%' });

  constructor(
    stage: Stage,
    private readonly card: HoverCard,
  ) {
    this.layer.append(
      svg('clipPath', { id: 'way-window' }, this.window),
      this.shape,
      this.way,
      this.halo,
      this.cross,
      this.ring,
    );
    stage.element.append(this.layer, card.element);
    this.place = new BesidePlace(card.element, stage.element);
  }

  crosshair(at: [number, number] | null, theme: Theme): void {
    const d = at === null ? '' : arms(...at);
    setAttributes(this.halo, { d, stroke: theme.background });
    setAttributes(this.cross, { d, stroke: theme.foreground });
  }

  /** A shape that is drawn around points; none without corners. */
  outline(corners: readonly [number, number][], theme: Theme): void {
    const at = corners.length === 2 ? upright(corners[0]!, corners[1]!) : corners;
    const d = at.length === 0 ? '' : `M${at.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
    setAttributes(this.shape, { d, stroke: theme.focus, fill: theme.focus });
  }

  /** A way through the plane, with a knot at each step; what of it lies beyond the plane is not seen. */
  through(pixels: readonly [number, number][], area: Area, theme: Theme): void {
    const { left: x, top: y, width, height } = area;
    setAttributes(this.window, { x, y, width, height });
    setAttributes(this.way, { d: wayPath(pixels), stroke: theme.foreground });
  }

  /** @param point that lies there; null: none */
  hover(point: { index: number; at: [number, number]; text: string } | null, theme: Theme): void {
    this.ringAt(point && point.at, theme);
    if (point === null) return this.card.hide();
    this.card.show(point.index, point.text, theme);
    this.place.put((card, room) => besidePoint(point.at, card, room));
  }

  /** The ring without a card. @param at null: no ring */
  ringAt(at: [number, number] | null, theme: Theme): void {
    setAttributes(this.ring, { hidden: at === null, stroke: theme.foreground, ...(at && { cx: at[0], cy: at[1] }) });
  }
}

function besidePoint([x, y]: readonly [number, number], { width, height }: Size, room: Size): [number, number] {
  const isRight = x + 12 + width <= room.width;
  const left = isRight ? x + 12 : Math.max(0, x - 12 - width);
  const above = y - height - (isRight ? 8 : 14);
  // Where there is no room beside the point, it must not lie over it.
  const isOver = left < x && left + width > x && above < 0;
  return [left, isOver ? y + 14 : Math.max(0, above)];
}

function arms(x: number, y: number): string {
  const line = (dx: number, dy: number) => `M${x + dx * HOLE} ${y + dy * HOLE}L${x + dx * ARM} ${y + dy * ARM}`;
  return line(1, 0) + line(-1, 0) + line(0, 1) + line(0, -1);
}

function upright([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): [number, number][] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

/** A line with a knot at each place. */
export function wayPath(pixels: readonly [number, number][]): string {
  const line = pixels.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  const knots = pixels.map(([x, y]) => `M${(x - 2.5).toFixed(1)} ${y.toFixed(1)}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0`);
  return line + knots.join('');
}
