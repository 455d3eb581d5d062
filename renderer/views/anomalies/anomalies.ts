import { anomalyCharts, CURVES } from '../../../kernel/figures/anomalies/charts';
import type { Charts } from '../../../kernel/figures/anomalies/charts';
import { anomalyNotes, CASES, casesOf, factsAt, thresholdText } from '../../../kernel/figures/anomalies/data';
import type { Anomalies } from '../../../kernel/figures/anomalies/data';
import type { AnomaliesView } from '../../../kernel/views/types';
import { runKey } from '../../accessibility';
import { adoptStyles, h, setAttributes, setText, svg } from '../../dom';
import { button, Select } from '../../figure/controls';
import { coloursOf, markElement } from '../../figure/marks';
import type { SvgImage } from '../../figure/save';
import { withRows } from '../../figure/tableData';
import { LinkedView } from '../../linkedRows';
import { quantity } from '../../numbers';
import type { Drawn, ViewContext } from '../../view';
import styles from './anomalies.css';
import { CaseList } from './cases';
import { anomaliesTable, readAnomalies } from './model';
import { printAnomalies } from './print';

/** Steps of the keyboard from one end of the scores to the other. */
const KEY_STEPS = 200;

export class AnomaliesFigure implements Drawn<AnomaliesView> {
  private readonly drawing = svg('svg', { 'aria-hidden': 'true' });
  private readonly handle = h('div', { class: 'threshold', role: 'slider', tabindex: 0, 'aria-label': 'Threshold' });
  private readonly facts = h('div', { class: 'facts' });
  private readonly curveSelect: Select;
  private readonly caseSelect: Select;
  private readonly list = new CaseList((place) => this.link.point(place === null ? null : this.rowOf(place)));
  private readonly link = new LinkedView({
    onSelected: (rows) => this.list.mark({ selected: rows }),
    onPointed: (row) => this.list.mark({ pointed: row }),
  });
  private readonly none = h('p', { class: 'none' });
  private data: Anomalies;
  private threshold: number;
  private curve = 0;
  private kind = 0;
  private width = 0;
  private charts: Charts | undefined;

  constructor(
    private readonly context: ViewContext,
    first: AnomaliesView,
  ) {
    const { figure, settings } = context;
    adoptStyles(figure.root, styles);
    this.data = readAnomalies(first);
    this.threshold = settings.number('threshold', first.threshold);
    this.curve = Math.min(CURVES.length - 1, Math.max(0, settings.number('curve', 0)));
    this.curveSelect = new Select('Curve', (index) => {
      settings.set('curve', (this.curve = index));
      this.render();
    });
    this.caseSelect = new Select('Cases', (index) => {
      this.kind = index;
      this.renderCases();
    });
    const reset = button('Reset', { title: 'Reset the threshold to the kernel’s value' }, () =>
      this.setThreshold(this.data.view.threshold),
    );
    figure.controls.append(this.curveSelect.element, this.caseSelect.element, reset);
    const plot = h('div', { class: 'plot' }, this.drawing, this.handle);
    figure.body.append(plot, this.facts, this.list.element, this.none);
    this.listen();
    figure.setDrawing((width) => this.print(width));
    figure.onTheme(() => this.render());
    figure.onResize((width) => {
      this.width = width;
      this.render();
    });
    this.update(first);
  }

  update(view: AnomaliesView): void {
    if (this.threshold === this.data.view.threshold) this.threshold = view.threshold;
    this.data = readAnomalies(view);
    const { figure } = this.context;
    this.link.follow(view.data);
    figure.setText({ title: view.title, summary: view.summary, caption: '', notes: anomalyNotes(view) });
    const known = view.anomalous !== null;
    this.curveSelect.element.hidden = this.caseSelect.element.hidden = !known;
    if (!known) this.kind = 0;
    this.curveSelect.show([...CURVES], this.curve);
    this.caseSelect.show([...CASES], this.kind);
    this.render();
  }

  dispose(): void {
    this.link.dispose();
    this.list.element.replaceChildren();
  }

  private render(): void {
    if (this.width === 0) return;
    const colours = coloursOf(this.context.figure.theme);
    const { width } = this;
    this.charts = anomalyCharts(this.data, this.threshold, CURVES[this.curve]!, width);
    const { marks, height, scale } = this.charts;
    setAttributes(this.drawing, { width, height, viewBox: `0 0 ${width} ${height}` });
    this.drawing.replaceChildren(...marks.map((mark) => markElement(mark, colours)));
    const { low, high, left, top, bottom } = scale;
    const share = Math.max(0, Math.min(1, (this.threshold - low) / (high - low)));
    Object.assign(this.handle.style, {
      left: `${left + share * scale.width}px`,
      top: `${top - 10}px`,
      height: `${bottom - top + 10}px`,
    });
    setAttributes(this.handle, {
      'aria-valuemin': low,
      'aria-valuemax': high,
      'aria-valuenow': this.threshold,
      'aria-valuetext': `${quantity(this.threshold)}: ${factsAt(this.data, this.threshold)}`,
    });
    setText(this.facts, thresholdText(this.data, this.threshold));
    const table = anomaliesTable(this.data, this.threshold);
    this.context.figure.setTable(withRows(table, this.data.view.data, (place) => this.rowOf(place)));
    this.renderCases();
  }

  /** The row of the data that a case is. */
  private rowOf(place: number): number {
    return this.data.view.cases[place]!.index;
  }

  private renderCases(): void {
    const kind = CASES[this.kind]!;
    const places = casesOf(this.data, kind, this.threshold);
    const { threshold, width } = this;
    this.list.show(this.data, places, { threshold, width, theme: this.context.figure.theme });
    this.none.hidden = places.length > 0;
    setText(this.none, places.length > 0 ? '' : `No ${kind} at this threshold.`);
    setAttributes(this.list.element, { 'aria-label': `Cases: ${kind}` });
    this.list.element.hidden = places.length === 0;
  }

  private setThreshold(threshold: number): void {
    this.threshold = threshold;
    this.context.settings.set('threshold', threshold);
    this.render();
  }

  private listen(): void {
    const { handle } = this;
    const dragTo = (event: PointerEvent) => {
      const { left } = this.drawing.getBoundingClientRect();
      const { scale } = this.charts!;
      const share = (event.clientX - left - scale.left) / scale.width;
      this.setThreshold(scale.low + Math.max(0, Math.min(1, share)) * (scale.high - scale.low));
    };
    handle.addEventListener('pointerdown', (event) => {
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
      handle.focus();
    });
    handle.addEventListener('pointermove', (event) => {
      if (handle.hasPointerCapture(event.pointerId)) dragTo(event);
    });
    handle.addEventListener('keydown', (event) => {
      const { low, high } = this.charts!.scale;
      const step = ((high - low) / KEY_STEPS) * (event.shiftKey ? 10 : 1);
      const within = (value: number) => this.setThreshold(Math.max(low, Math.min(high, value)));
      runKey(event, {
        ArrowLeft: () => within(this.threshold - step),
        ArrowDown: () => within(this.threshold - step),
        ArrowRight: () => within(this.threshold + step),
        ArrowUp: () => within(this.threshold + step),
        PageDown: () => within(this.threshold - 10 * step),
        PageUp: () => within(this.threshold + 10 * step),
        Home: () => within(low),
        End: () => within(high),
      });
    });
  }

  private print(width = 860): SvgImage {
    const choices = { threshold: this.threshold, curve: CURVES[this.curve]!, kind: CASES[this.kind]! };
    return printAnomalies(this.data, choices, width);
  }
}
