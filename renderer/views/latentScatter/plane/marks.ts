/** What moves over the plane: the crosshair where something is decoded, the ring and the card of the point pointed at. */
import { h, setAttributes, setText, svg } from '../../../dom';
import type { Stage } from '../../../figure/stage';
import type { Theme } from '../../../theme';

const ARM = 9;
const HOLE = 3.5;

export class Marks {
  private readonly halo = svg('path', { fill: 'none', 'stroke-width': 4, 'stroke-linecap': 'round' });
  private readonly cross = svg('path', { fill: 'none', 'stroke-width': 1.75, 'stroke-linecap': 'round' });
  private readonly shape = svg('path', { class: 'shape', 'fill-rule': 'evenodd' });
  private readonly ring = svg('circle', { r: 6, fill: 'none', 'stroke-width': 1.75 });
  private readonly layer = svg('svg', { class: 'marks', 'aria-hidden': 'true', width: '100%', height: '100%' });
  private readonly card = h('div', { class: 'hover', hidden: true });

  constructor(private readonly stage: Stage) {
    this.layer.append(this.shape, this.halo, this.cross, this.ring);
    stage.element.append(this.layer, this.card);
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

  hover(at: [number, number] | null, text: string, theme: Theme): void {
    setAttributes(this.ring, { hidden: at === null, stroke: theme.foreground });
    this.card.hidden = at === null;
    if (at === null) return;
    const [x, y] = at;
    setAttributes(this.ring, { cx: x, cy: y });
    setText(this.card, text);
    // Measured where nothing narrows it.
    this.card.style.transform = '';
    const { width, height } = this.card.getBoundingClientRect();
    const left = x + 12 + width > this.stage.width ? x - 12 - width : x + 12;
    const top = Math.max(0, y - height - 8);
    this.card.style.transform = `translate(${Math.max(0, left).toFixed(0)}px, ${top.toFixed(0)}px)`;
  }
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
