/** A chart in its place: painted, zoomed, its runs pointed at and marked. */
import type { Chart } from '../../../../kernel/views/sweep/charts/chart';
import { runKey } from '../../../accessibility';
import type { Box } from '../../../chart/axes';
import { h, setHidden, setText, svg } from '../../../dom';
import type { Figure } from '../../../figure/figure';
import { measureIn } from '../../../figure/text';
import { Hover } from '../../../hover';
import type { Place } from '../../../hover';
import { zoomByKey, ZOOM_KEYS } from '../../../panels/keys';
import { scaleOf } from '../../../panels/panel';
import type { Panel } from '../../../panels/panel';
import { Panels } from '../../../panels/panels';
import type { Hands } from '../hands';
import { labelMarks, panelOf } from '../panelOf';

/** Pixels about a run in which it is pointed at. */
const REACH = 26;
/** Pixels that a click may slip. */
const SLIP = 4;
const ROOM = { left: 66, top: 8, right: 14, below: 44 };
const HEIGHT = 200;

let clips = 0;

/** Where a run may be pointed at, in the units of the axes. */
export interface Hit {
  run: number;
  x: number;
  y: number;
}

export interface ChartOptions {
  /** What it is, for screen readers. */
  name: string;
  hands: Hands;
  /** The runs that a pointer at this x may mean; absent: the chart's points. */
  hitsAt?: (x: number) => readonly Hit[];
  /** The runs in the order of the arrow keys. */
  order(): readonly number[];
  /** The line of a run that is marked. */
  lineOf?: (run: number) => { x: ArrayLike<number>; y: ArrayLike<number> };
  /** What the card says about a run that is pointed at. */
  says(run: number): string;
  colourOf(run: number): string;
}

export class ChartPanel {
  private readonly panels: Panels;
  private readonly marks = svg('svg', { class: 'marks', 'aria-hidden': 'true' });
  private readonly empty = h('p', { class: 'empty' });
  readonly element: HTMLElement;
  private chart: Chart | undefined;
  private drawn: Panel | undefined;
  private width = 0;
  private run: number | null = null;
  private down: Place = [0, 0];
  /** An id that no other panel has. */
  private readonly clip = `inside-${++clips}`;

  constructor(
    private readonly figure: Figure,
    private readonly options: ChartOptions,
  ) {
    const label = `${options.name}. Left and right arrow keys go from run to run, Enter opens its notebook, Escape clears; ${ZOOM_KEYS}.`;
    this.panels = new Panels(figure, label, () => this.render());
    const stage = this.panels.element;
    stage.append(this.marks);
    this.element = h('div', { class: 'chart' }, stage, this.empty);
    const { hands } = options;
    new Hover(stage, (at) => this.pointAt(at));
    stage.addEventListener('pointerdown', (event) => (this.down = [event.clientX, event.clientY]));
    stage.addEventListener('click', (event) => {
      const slip = Math.hypot(event.clientX - this.down[0], event.clientY - this.down[1]);
      const { left, top } = stage.getBoundingClientRect();
      const run = slip <= SLIP ? this.runAt([event.clientX - left, event.clientY - top]) : null;
      if (run !== null) hands.choose(run);
    });
    stage.addEventListener('keydown', (event) => this.onKey(event));
  }

  show(chart: Chart, width: number): void {
    this.chart = chart;
    this.width = width;
    this.render();
  }

  /** Marks a run; null: none. */
  mark(run: number | null): void {
    this.run = run;
    this.renderMarks();
  }

  /** Shows all again. */
  reset(): void {
    if (this.panels.isZoomed) this.panels.setZoom({});
  }

  private render(): void {
    const { chart, width } = this;
    if (!chart || width === 0) return;
    const isEmpty = chart.empty !== undefined;
    setHidden(this.panels.element, isEmpty);
    setHidden(this.empty, !isEmpty);
    setText(this.empty, chart.empty ?? '');
    const { x, y0: y } = this.panels.zoom;
    this.drawn = panelOf(chart, boxOf(width), { x, y }, this.figure.theme);
    this.panels.draw([this.drawn], width, HEIGHT + ROOM.top + ROOM.below);
    this.renderMarks();
  }

  private renderMarks(): void {
    const { chart, drawn, run, marks, figure } = this;
    if (!chart || !drawn) return;
    const { theme } = figure;
    const labels = labelMarks(chart, drawn, theme, measureIn(theme.fontFamily));
    const found = run === null ? [] : this.marksOf(run, drawn);
    marks.setAttribute('width', String(this.width));
    marks.setAttribute('height', String(HEIGHT + ROOM.top + ROOM.below));
    marks.replaceChildren(...labels, ...found);
  }

  private marksOf(run: number, panel: Panel): SVGElement[] {
    const { options, chart, figure } = this;
    const scale = scaleOf(panel);
    const colour = options.colourOf(run);
    const { foreground, background } = figure.theme;
    const line = options.lineOf?.(run);
    const path = Array.from(
      line?.x ?? [],
      (x, i) => `${i === 0 ? 'M' : 'L'}${scale.x(x).toFixed(1)} ${scale.y(line!.y[i]!).toFixed(1)}`,
    ).join('');
    const strokes =
      path === ''
        ? []
        : ([
            ['5', background],
            ['3.4', foreground],
            ['2', colour],
          ] as const);
    const { left, top, width, height } = panel.box;
    const lines = strokes.map(([width, stroke]) =>
      svg('path', { d: path, fill: 'none', stroke, 'stroke-width': width, 'stroke-linejoin': 'round' }),
    );
    const inside = svg('clipPath', { id: this.clip }, svg('rect', { x: left, y: top - 3, width, height: height + 6 }));
    const point = chart!.points.find((one) => one.run === run);
    const ring = (stroke: string, width: number) =>
      svg('circle', {
        cx: scale.x(point!.x),
        cy: scale.y(point!.y),
        r: 6.5,
        fill: colour,
        stroke,
        'stroke-width': width,
      });
    return [
      ...(strokes.length > 0 ? [svg('g', {}, inside, svg('g', { 'clip-path': `url(#${this.clip})` }, ...lines))] : []),
      ...(point ? [ring(background, 5), ring(foreground, 2)] : []),
    ];
  }

  private pointAt(at: Place | null): void {
    const { hands, says } = this.options;
    const run = at === null ? null : this.runAt(at);
    if (run === null || at === null) return hands.point(null);
    const { left, top } = this.panels.element.getBoundingClientRect();
    hands.point(run, [left + at[0], top + at[1]], says(run));
  }

  /** The run nearest to a place, if one is near. */
  private runAt([left, top]: Place): number | null {
    const { chart, drawn } = this;
    if (!chart || !drawn) return null;
    const { box, x } = drawn;
    const isInside = left >= box.left && left <= box.left + box.width && top >= box.top && top <= box.top + box.height;
    if (!isInside) return null;
    const scale = scaleOf(drawn);
    const at = x.range[0] + ((left - box.left) / box.width) * (x.range[1] - x.range[0]);
    const hits = this.options.hitsAt?.(at) ?? chart.points;
    let [nearest, distance]: [number | null, number] = [null, REACH];
    for (const hit of hits) {
      const off = Math.hypot(scale.x(hit.x) - left, scale.y(hit.y) - top);
      if (off < distance) [nearest, distance] = [hit.run, off];
    }
    return nearest;
  }

  private onKey(event: KeyboardEvent): void {
    if (zoomByKey(event, this.panels, { at: null, panel: 0 })) return;
    const { hands, order, says } = this.options;
    const runs = order();
    const go = (index: number) => {
      const run = runs[Math.max(0, Math.min(runs.length - 1, index))];
      if (run === undefined) return;
      hands.release();
      hands.choose(run);
      this.figure.announce(says(run));
    };
    const at = this.run === null ? -1 : runs.indexOf(this.run);
    runKey(event, {
      ArrowRight: () => go(at + 1),
      ArrowLeft: () => go(at < 0 ? runs.length - 1 : at - 1),
      Home: () => go(0),
      End: () => go(runs.length - 1),
      Enter: () => this.run !== null && hands.choose(this.run),
      Escape: () => hands.release(),
    });
  }
}

export function boxOf(width: number): Box {
  return { left: ROOM.left, top: ROOM.top, width: Math.max(60, width - ROOM.left - ROOM.right), height: HEIGHT };
}

export const CHART_HEIGHT = HEIGHT + ROOM.top + ROOM.below;
