import { WEIGHT } from '../../../kernel/views/smoothing';
import type { ComparisonView } from '../../../kernel/views/types';
import { runKey } from '../../accessibility';
import { adoptStyles, h } from '../../dom';
import { button, Select, slider, Toggle } from '../../figure/controls';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { svg } from '../../dom';
import { panelDrawing } from '../../panels/drawing';
import { Panels } from '../../panels/panels';
import panelStyles from '../../panels/panels.css';
import { categoryColour } from '../../palette';
import { PRINT_THEME } from '../../theme';
import type { Drawn, ViewContext } from '../../view';
import { arrange } from '../lossCurves/arrangement';
import type { Arrangement } from '../lossCurves/arrangement';
import styles from './comparison.css';
import { ALIGNMENTS, comparisonTable, decodeComparison, linesOf } from './model';
import type { Choices, ComparisonData, GroupLine } from './model';
import { comparisonPanels } from './spec';

const LABEL = 'Curves of the compared trainings. Plus and minus zoom, 0 shows everything; the table has their ends.';
const HEAD = 52;

export class Comparison implements Drawn<ComparisonView> {
  private readonly panels: Panels;
  private readonly key = h('ul', { class: 'key' });
  private readonly names = h('div', { class: 'names', 'aria-hidden': 'true' });
  private readonly alignment: Select;
  private readonly difference: Toggle;
  private readonly resetZoom: HTMLButtonElement;
  private readonly choices: Choices;
  private data: ComparisonData;
  private lines: GroupLine[][] = [];
  private width = 0;

  constructor(
    private readonly context: ViewContext,
    private shown: ComparisonView,
  ) {
    const { figure, settings } = context;
    this.choices = {
      alignment: ALIGNMENTS[settings.number('alignment', 0)] ?? 'step',
      smoothing: Math.min(0.99, Math.max(0, settings.number('smoothing', WEIGHT))),
      differs: settings.boolean('differs', false),
    };
    this.data = decodeComparison(shown);
    adoptStyles(figure.root, panelStyles);
    adoptStyles(figure.root, styles);
    this.panels = new Panels(figure, LABEL, () => this.render());
    this.panels.element.append(this.names);
    this.alignment = new Select('By', (index) => this.choose('alignment', index, { alignment: ALIGNMENTS[index]! }));
    this.difference = new Toggle(
      'Difference',
      'Show what each differs from the first',
      this.choices.differs,
      (differs) => this.choose('differs', differs, { differs }),
    );
    this.resetZoom = button('Reset zoom', { title: 'Show everything (double click)' }, () => this.panels.setZoom({}));
    const smoothing = slider(
      {
        ...{ name: 'Smoothing', title: 'Weight of the exponential moving average of each run (bias removed)' },
        ...{ min: 0, max: 0.99, step: 0.01, value: this.choices.smoothing, format: (value) => value.toFixed(2) },
      },
      (value) => this.choose('smoothing', value, { smoothing: value }),
    );
    figure.controls.append(this.resetZoom, this.alignment.element, smoothing, this.difference.element);
    figure.body.append(this.key, this.panels.element);
    this.panels.element.addEventListener('keydown', (event) =>
      runKey(event, {
        '+': () => this.panels.zoomAround(null, 0.5),
        '=': () => this.panels.zoomAround(null, 0.5),
        '-': () => this.panels.zoomAround(null, 2),
        '0': () => this.panels.setZoom({}),
      }),
    );
    figure.setDrawing(() => this.print());
    this.show();
    figure.onTheme(() => this.render());
    figure.onResize((width) => {
      this.width = width;
      this.render();
    });
  }

  update(view: ComparisonView): void {
    this.shown = view;
    this.data = decodeComparison(view);
    this.show();
    this.render();
  }

  dispose(): void {
    // All that is here goes with the figure.
  }

  private choose(key: string, value: number | boolean, choice: Partial<Choices>): void {
    Object.assign(this.choices, choice);
    this.context.settings.set(key, value);
    this.show();
    // A range of other values would be nonsense.
    if (key === 'smoothing') this.render();
    else this.panels.setZoom({});
  }

  private show(): void {
    const { shown, data, choices } = this;
    this.lines = data.terms.map((term) => linesOf(data, term, choices));
    this.alignment.show([...ALIGNMENTS], ALIGNMENTS.indexOf(choices.alignment));
    const isAlone = data.groups.length < 2;
    this.difference.disable(
      isAlone ? 'There is nothing to differ from' : null,
      'Show what each differs from the first',
    );
    const hasSpread = this.lines.flat().some(({ curve }) => curve.deviation.some(Number.isFinite));
    const notes = hasSpread ? ['Bands: one standard deviation over the runs of a setting, about their mean.'] : [];
    if (choices.differs)
      notes.push(`Differences from ${data.groups[0] ?? 'the first'}; where it has ended there are none.`);
    this.context.figure.setText({ title: shown.title, summary: shown.summary, notes: [...shown.notes, ...notes] });
    this.context.figure.setTable(comparisonTable(data));
  }

  private render(): void {
    if (this.width === 0) return;
    const { theme } = this.context.figure;
    const { arrangement, panels } = this.laidOut(this.width, theme);
    this.resetZoom.hidden = !this.panels.isZoomed;
    this.panels.draw(panels, this.width, arrangement.height);
    this.key.replaceChildren(
      ...this.data.groups.map((name, i) => {
        const swatch = h('span', { class: 'swatch' });
        swatch.style.backgroundColor = categoryColour(theme.categories, i);
        return h('li', {}, swatch, name);
      }),
      ...(this.hasValidation ? [h('li', {}, h('span', { class: 'dots' }), 'validation')] : []),
    );
    this.names.replaceChildren(
      ...this.data.terms.map((term, i) => {
        const name = h('b', {}, term);
        const { left, top } = arrangement.boxes[i]!;
        name.style.transform = `translate(${left}px, ${top - 20}px)`;
        return name;
      }),
    );
  }

  private get hasValidation(): boolean {
    return this.lines.flat().some(({ split }) => split === 'validation');
  }

  private laidOut(width: number, theme: ViewContext['figure']['theme'], head = 0) {
    const place = (longest?: number) => arrange(this.data.terms.length, width, false, longest);
    const at = (arrangement: Arrangement) =>
      comparisonPanels(this.lines, this.choices, this.shown.unit, this.panels.zoom, theme, arrangement);
    const longest = Math.max(0, ...at(place()).flatMap(({ y }) => y.ticks.map(({ text }) => text.length)));
    const { boxes, ...rest } = place(longest);
    const arrangement = { ...rest, boxes: boxes.map((box) => ({ ...box, top: box.top + head })) };
    return { arrangement, panels: at(arrangement) };
  }

  private print(): SvgImage {
    const theme = PRINT_THEME;
    const width = Math.max(this.width, 640);
    const { arrangement, panels } = this.laidOut(width, theme, HEAD);
    const text = (content: string, x: number, y: number, size: number, weight = 400) =>
      svg('text', { x, y, 'font-size': size, 'font-weight': weight, fill: theme.foreground }, content);
    const rows = this.data.groups.map((name, i) => {
      const x = 12 + (i * (width - 24)) / Math.max(4, this.data.groups.length);
      const line = {
        x1: x,
        x2: x + 18,
        y1: 38,
        y2: 38,
        stroke: categoryColour(theme.categories, i),
        'stroke-width': 3,
      };
      return [svg('line', line), text(name, x + 24, 42, 11)];
    });
    const names = this.data.terms.map((term, i) => {
      const { left, top } = arrangement.boxes[i]!;
      return text(term, left - 3, top - 9, 12, 600);
    });
    const layers = [text(this.shown.title, 12, 20, 14, 600), ...rows.flat(), ...panelDrawing(panels, theme), ...names];
    return standalone(layers, width + 12, arrangement.height + HEAD, theme);
  }
}
