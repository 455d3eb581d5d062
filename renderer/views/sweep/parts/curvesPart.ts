/** Curves of a term in all runs that are shown: medians and quartiles over seeds, or each run. */
import { curveChart, runLine } from '../../../../kernel/views/sweep/charts/curveChart';
import { placeIn } from '../../../../kernel/views/sweep/data';
import { h, setHidden } from '../../../dom';
import { Select, Toggle } from '../../../figure/controls';
import type { Figure } from '../../../figure/figure';
import { reading } from '../../../numbers';
import type { Hands } from '../hands';
import type { SweepStore } from '../store';
import { ChartPanel } from './chartPanel';
import type { Hit } from './chartPanel';
import { section } from './part';
import type { Part } from './part';

const AXES = ['step', 'epoch'] as const;
const EACH = 'Draw each run of a setting, beside their median';

export class CurvesPart implements Part {
  readonly element: HTMLElement;
  private readonly panel: ChartPanel;
  private readonly term: Select;
  private readonly by: Select;
  private readonly each: Toggle;

  constructor(
    figure: Figure,
    private readonly store: SweepStore,
    hands: Hands,
    refresh: () => void,
  ) {
    const choose = (choice: Parameters<SweepStore['choose']>[0]) => {
      store.choose(choice);
      this.panel.reset();
      refresh();
    };
    this.term = new Select('Term', (curve) => choose({ curve }));
    this.by = new Select('By', (index) => choose({ by: AXES[index]! }));
    this.each = new Toggle('Each run', EACH, store.looks.each, (each) => choose({ each }));
    this.panel = new ChartPanel(figure, {
      ...{ name: 'Curves over the training', hands, colourOf: (run) => store.colours.of(run) },
      hitsAt: (x) => this.hitsAt(x),
      order: () => this.order,
      lineOf: (run) => this.lineOf(run),
      says: (run) => this.says(run),
    });
    const title = h('h3', {}, 'Curves');
    this.element = section(
      'curves',
      title,
      [this.term.element, this.by.element, this.each.element],
      this.panel.element,
    );
  }

  render(width: number): void {
    const { store } = this;
    const { data, looks, colours } = store;
    const curve = data.curves[looks.curve];
    this.term.show(
      data.curves.map(({ name, split }) => `${split} ${name}`),
      looks.curve,
    );
    this.by.show([...AXES], AXES.indexOf(looks.by));
    for (const { element } of [this.term, this.by, this.each]) setHidden(element, !curve);
    if (!curve) {
      const nothing = { title: '', range: [0, 1], ticks: () => [] } as const;
      const none = { x: nothing, y: nothing, bands: [], lines: [], bars: [], points: [], labels: [] };
      return this.panel.show({ ...none, empty: 'No run has trained yet.' }, width);
    }
    const { by, each } = looks;
    this.panel.show(curveChart(data, store.shown, { curve, by, each, settings: store.settingColumns, colours }), width);
    this.mark();
  }

  mark(): void {
    this.panel.mark(this.store.marked);
  }

  private get curve() {
    return this.store.data.curves[this.store.looks.curve];
  }

  private lineOf(run: number) {
    const { curve } = this;
    return curve ? runLine(this.store.data, curve, run, this.store.looks.by) : { x: [], y: [] };
  }

  /** Runs by where they end. */
  private get order(): number[] {
    const { curve, store } = this;
    if (!curve) return [];
    const end = (run: number) => this.lineOf(run).y.at(-1) ?? Infinity;
    return store.shown.filter((run) => placeIn(curve.runs, run) >= 0).sort((a, b) => end(a) - end(b));
  }

  /** The point of each run's curve that is nearest across. */
  private hitsAt(x: number): Hit[] {
    return this.store.shown.flatMap((run): Hit[] => {
      const line = this.lineOf(run);
      if (line.x.length === 0) return [];
      let nearest = 0;
      for (let i = 1; i < line.x.length; i++)
        if (Math.abs(line.x[i]! - x) < Math.abs(line.x[nearest]! - x)) nearest = i;
      return [{ run, x: line.x[nearest]!, y: line.y[nearest]! }];
    });
  }

  private says(run: number): string {
    const { curve } = this;
    const last = this.lineOf(run).y.at(-1);
    return curve && last !== undefined ? `${curve.split} ${curve.name} ends at ${reading(last)}` : '';
  }
}
