/** Parallel coordinates: axes that are brushed and moved, a line for each run. */
import type { ParallelAxis } from '../../../../kernel/views/sweep/charts/parallel';
import { cellText } from '../../../../kernel/views/sweep/rows';
import { h, svg } from '../../../dom';
import type { Figure } from '../../../figure/figure';
import { Stage } from '../../../figure/stage';
import { Hover } from '../../../hover';
import type { Place } from '../../../hover';
import type { Hands } from '../hands';
import type { SweepStore } from '../store';
import { AxisHandles, axesMenu } from './axisHandles';
import { Brushes } from './brushes';
import { axisMarks, layoutOf, nearestRun, paintLines, pathOf } from './parallelDrawing';
import type { ParallelLayout } from './parallelDrawing';
import { section } from './part';
import type { Part } from './part';

const HEIGHT = 236;
/** Pixels that a click may slip. */
const SLIP = 4;

export class ParallelPart implements Part {
  readonly element: HTMLElement;
  private readonly stage = new Stage();
  private readonly marks = svg('g');
  private readonly handles: AxisHandles;
  private readonly brushes: Brushes;
  private readonly menu: ReturnType<typeof axesMenu>;
  private layout: ParallelLayout | undefined;
  private down: Place = [0, 0];

  constructor(
    private readonly figure: Figure,
    private readonly store: SweepStore,
    private readonly hands: Hands,
    refresh: () => void,
  ) {
    this.stage.over.append(this.marks);
    const stage = this.stage.element;
    this.handles = new AxisHandles(figure, store, () => this.layout, refresh);
    stage.append(this.handles.element);
    this.menu = axesMenu(store, refresh);
    this.brushes = new Brushes(store, refresh);
    this.element = section(
      'parallel',
      h('h3', {}, 'Parallel coordinates'),
      [this.brushes.element, this.menu.element],
      stage,
    );
    new Hover(stage, (at) => this.pointAt(at));
    stage.addEventListener('pointerdown', (event) => (this.down = [event.clientX, event.clientY]));
    stage.addEventListener('click', (event) => {
      const slip = Math.hypot(event.clientX - this.down[0], event.clientY - this.down[1]);
      if (slip > SLIP || (event.target as Element).closest('button')) return;
      const { left, top } = stage.getBoundingClientRect();
      const run = this.runAt([event.clientX - left, event.clientY - top]);
      if (run !== null) hands.choose(run);
    });
  }

  render(width: number): void {
    const { store, stage, figure } = this;
    const axes = store.parallelAxes;
    this.layout = layoutOf(axes, width, HEIGHT);
    stage.resize(width, HEIGHT);
    stage.under.replaceChildren();
    const paper = stage.paper();
    const shown = new Set(store.shown);
    const rest = store.all.filter((run) => !shown.has(run));
    paintLines(paper, this.layout, axes, rest, () => figure.theme.grid, 1);
    paintLines(paper, this.layout, axes, store.shown, store.colours.of, shown.size > 60 ? 0.55 : 0.9);
    this.handles.render();
    this.menu.show();
    this.brushes.render();
    this.mark();
  }

  mark(): void {
    const { store, layout, figure } = this;
    if (!layout) return;
    const run = store.marked;
    const axes = store.parallelAxes;
    const { theme } = figure;
    const d = run === null ? '' : pathOf(layout, axes, run);
    const strokes = [
      [6, theme.background],
      [4, theme.foreground],
      [2.4, run === null ? '' : store.colours.of(run)],
    ] as const;
    const line =
      d === ''
        ? []
        : strokes.map(([width, stroke]) =>
            svg('path', { d, fill: 'none', stroke, 'stroke-width': width, 'stroke-linejoin': 'round' }),
          );
    this.marks.replaceChildren(...axisMarks(layout, axes, theme, store.brushes), ...line);
  }

  private pointAt(at: Place | null): void {
    const run = at === null || this.handles.isBusy ? null : this.runAt(at);
    if (run === null || at === null) return this.hands.point(null);
    const { left, top } = this.stage.element.getBoundingClientRect();
    this.hands.point(run, [left + at[0], top + at[1]], this.says(run));
  }

  private runAt(at: Place): number | null {
    const { layout, store } = this;
    return layout ? nearestRun(layout, store.parallelAxes, store.shown, at) : null;
  }

  private says(run: number): string {
    const metrics = this.store.parallelAxes.filter(({ column }) => column.kind === 'metric');
    return metrics
      .map(({ column }: ParallelAxis) => `${column.name} ${cellText(column, column.values[run] ?? null)}`)
      .join(', ');
  }
}
