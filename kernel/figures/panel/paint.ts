/** Panels on a canvas. */
import type { Line, Panel, Points } from './panel';
import { cellsOf, pointsOf, RING, ringsOf, traceBand, traceLine } from './trace';

/** What is painted on: the canvas of a page, or of a kernel. */
export interface Paper {
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  lineJoin: string;
  save(): void;
  restore(): void;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  clip(): void;
  fill(): void;
  stroke(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  clearRect(x: number, y: number, width: number, height: number): void;
  setLineDash(dash: number[]): void;
}

/**
 * @param from of each panel the pixel from which on it is painted, on what stands there already; absent: all of it, on an
 * empty canvas
 */
export function paintPanels(paper: Paper, panels: readonly Panel[], from?: readonly number[]): void {
  paper.lineJoin = 'bevel';
  for (const [i, panel] of panels.entries()) paintPanel(paper, panel, from?.[i] ?? -Infinity);
}

function paintPanel(paper: Paper, panel: Panel, from: number): void {
  const { left, top, width, height } = panel.box;
  if (from > left + width) return;
  const start = Math.max(left, from);
  paper.save();
  if (from > -Infinity) paper.clearRect(start, top - 1, left + width - start + 1, height + 2);
  paper.beginPath();
  paper.rect(start, top, left + width - start, height);
  paper.clip();
  for (const { left: x, top: y, width: w, height: h, colour } of panel.cells ? cellsOf(panel.cells, panel) : []) {
    paper.fillStyle = colour;
    paper.fillRect(x, y, w, h);
  }
  for (const band of panel.bands) {
    paper.fillStyle = band.colour;
    paper.beginPath();
    traceBand(paper, band, panel);
    paper.fill();
  }
  for (const line of panel.lines) paintLine(paper, line, panel, start);
  if (panel.points) paintPoints(paper, panel.points, panel);
  paper.restore();
}

function paintPoints(paper: Paper, points: Points, panel: Panel): void {
  const { size } = points;
  let last = '';
  for (const { x, y, colour } of pointsOf(points, panel)) {
    // To read a colour takes longer than to fill a square.
    if (colour !== last) paper.fillStyle = last = colour;
    // Nobody can tell small ones from circles, and they are drawn in a tenth of the time.
    if (size < 4) {
      paper.fillRect(x - size / 2, y - size / 2, size, size);
      continue;
    }
    paper.beginPath();
    paper.arc(x, y, size / 2, 0, 2 * Math.PI);
    paper.fill();
  }
}

function paintLine(paper: Paper, line: Line, panel: Panel, start: number): void {
  paper.strokeStyle = line.colour;
  paper.lineWidth = line.width;
  paper.setLineDash(line.dash ? [...line.dash] : []);
  paper.beginPath();
  // Dashes are counted from the beginning.
  traceLine(paper, line, panel, false, line.dash ? -Infinity : start);
  paper.stroke();
  if (line.markers === undefined) return;
  paper.fillStyle = line.markers;
  paper.beginPath();
  for (const [x, y] of ringsOf(line, panel)) {
    paper.moveTo(x + RING, y);
    paper.arc(x, y, RING, 0, 2 * Math.PI);
  }
  paper.fill();
  paper.stroke();
}
