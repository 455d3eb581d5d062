/** Panels as SVG that stands alone: every point of every curve, as vector lines. */
import { svg } from '../dom';
import type { Theme } from '../theme';
import { axisMarks, brokenMarks } from './frame';
import type { Panel } from './panel';
import { cellsOf, pointsOf, RING, ringsOf, traceBand, traceLine } from './trace';
import type { Pen } from './trace';

let clips = 0;

export function panelDrawing(panels: readonly Panel[], theme: Theme): SVGElement[] {
  return [...axisMarks(panels, theme), ...panels.map((panel) => curvesOf(panel)), ...brokenMarks(panels, theme)];
}

function curvesOf(panel: Panel): SVGElement {
  const { left: x, top: y, width, height } = panel.box;
  const id = `panel-${++clips}`;
  const clip = svg('clipPath', { id }, svg('rect', { x, y, width, height }));
  const curves = svg('g', { 'clip-path': `url(#${id})`, fill: 'none', 'stroke-linejoin': 'bevel' });
  if (panel.cells) {
    const rects = cellsOf(panel.cells, panel).map(({ left, top, width: w, height: h, colour }) =>
      svg('rect', { x: left.toFixed(1), y: top.toFixed(1), width: w.toFixed(1), height: h.toFixed(1), fill: colour }),
    );
    curves.append(svg('g', { 'data-curve': panel.cells.name }, ...rects));
  }
  for (const band of panel.bands) {
    const pen = new PathPen();
    traceBand(pen, band, panel);
    curves.append(svg('path', { d: pen.text, fill: band.colour, 'data-curve': band.name }));
  }
  for (const line of panel.lines) {
    const pen = new PathPen();
    traceLine(pen, line, panel, true);
    const dash = line.dash?.join(' ');
    const stroke = { stroke: line.colour, 'stroke-width': line.width };
    curves.append(svg('path', { d: pen.text, ...stroke, 'stroke-dasharray': dash, 'data-curve': line.name }));
    if (line.markers === undefined) continue;
    const ring = { r: RING, ...stroke, fill: line.markers };
    curves.append(...ringsOf(line, panel).map(([cx, cy]) => svg('circle', { cx, cy, ...ring })));
  }
  if (panel.points) {
    const r = panel.points.size / 2;
    const circles = pointsOf(panel.points, panel).map(({ x: cx, y: cy, colour }) =>
      svg('circle', { cx: cx.toFixed(1), cy: cy.toFixed(1), r, fill: colour }),
    );
    curves.append(svg('g', { 'data-curve': panel.points.name }, ...circles));
  }
  return svg('g', {}, clip, curves);
}

class PathPen implements Pen {
  private readonly parts: string[] = [];

  get text(): string {
    return this.parts.join('');
  }

  moveTo(x: number, y: number): void {
    this.parts.push(`M${x.toFixed(2)} ${y.toFixed(2)}`);
  }

  lineTo(x: number, y: number): void {
    this.parts.push(`L${x.toFixed(2)} ${y.toFixed(2)}`);
  }

  closePath(): void {
    this.parts.push('Z');
  }
}
