import type { CodebookHistogramView } from '../../../kernel/views/types';
import { runKey } from '../../accessibility';
import { fromX, literal, scaleRange, toX } from '../../chart/axes';
import type { Chart } from '../../chart/chart';
import { adoptStyles, h, setText } from '../../dom';
import { button, Toggle } from '../../figure/controls';
import { messageOf } from '../../errors';
import { Hover } from '../../hover';
import type { Place } from '../../hover';
import type { SvgImage } from '../../figure/save';
import { count } from '../../numbers';
import { PRINT_THEME } from '../../theme';
import type { Drawn, ViewContext } from '../../view';
import styles from './codebook.css';
import { chartSize, histogramSpec, plotBox } from './spec';
import type { Choices } from './spec';
import { codeAt, deadCodesText, describeCode, perplexityText, readUsage, usageTable } from './usage';
import type { Usage } from './usage';

const LABEL =
  'Codebook usage. Left and right arrow keys move from code to code, with Shift ten at a time, Home and End to the ends; ' +
  'plus and minus zoom, 0 shows all codes.';
const PRINT_HEAD = 48;

export class CodebookHistogram implements Drawn<CodebookHistogramView> {
  private readonly perplexity = h('dd');
  private readonly used = h('dd');
  private readonly code = h('div', { class: 'code' });
  private readonly marker = h('div', { class: 'marker', hidden: true });
  private readonly resetZoom: HTMLButtonElement;
  private readonly hover: Hover;
  private readonly choices: Choices;
  private usage: Usage;
  private width = 0;
  /** Position (from 0) on the horizontal axis that is pointed at. */
  private position: number | null = null;

  static stage(): HTMLElement {
    return h('div', { class: 'stage interactive', tabindex: 0, role: 'application', 'aria-label': LABEL });
  }

  constructor(
    private readonly context: ViewContext,
    private readonly stage: HTMLElement,
    private readonly chart: Chart,
    private shown: CodebookHistogramView,
  ) {
    const { figure, settings } = context;
    this.choices = {
      order: settings.boolean('byIndex', false) ? 'index' : 'rank',
      log: settings.boolean('log', false),
    };
    this.usage = readUsage(shown);
    adoptStyles(figure.root, styles);
    const log = new Toggle('Log', 'Logarithmic counts', this.choices.log, (pressed) => this.choose('log', pressed));
    const byIndex = new Toggle(
      'By index',
      'Order by code index instead of rank',
      this.choices.order === 'index',
      (pressed) => this.choose('byIndex', pressed),
    );
    this.resetZoom = button('Reset zoom', { title: 'Show all codes (double click)' }, () => chart.setZoom({}));
    figure.controls.append(this.resetZoom, log.element, byIndex.element);
    const stats = h(
      'dl',
      { class: 'stats' },
      h('div', {}, h('dt', {}, 'Perplexity'), this.perplexity),
      h('div', {}, h('dt', {}, 'Used'), this.used),
    );
    stage.append(this.marker);
    this.hover = new Hover(stage, (at) => this.pointAt(at && this.positionUnder(at)));
    figure.body.append(h('div', { class: 'stats' }, stats, this.code), stage);
    this.listen();
    figure.setDrawing(() => this.print());
    this.show(shown);
    figure.onTheme(() => this.render());
    figure.onResize((width) => {
      this.width = width;
      this.render();
    });
  }

  update(view: CodebookHistogramView): void {
    this.usage = readUsage(view);
    this.show(view);
    this.render();
  }

  dispose(): void {
    this.chart.dispose();
  }

  render(): void {
    if (this.width === 0) return;
    const size = chartSize(this.width);
    this.stage.style.height = `${size.height}px`;
    this.resetZoom.hidden = Object.keys(this.chart.zoom).length === 0;
    const { theme } = this.context.figure;
    this.chart
      .draw(histogramSpec(this.usage, this.choices, this.chart.zoom, theme, plotBox(this.width), size), size)
      .then(() => {
        this.hover.again();
        this.renderMarker();
      })
      .catch((error: unknown) =>
        this.context.figure.setProblem(`The histogram could not be drawn: ${messageOf(error)}`),
      );
  }

  private show(view: CodebookHistogramView): void {
    this.shown = view;
    const { usage } = this;
    const { figure } = this.context;
    figure.setText({ title: view.title, summary: view.summary, notes: [deadCodesText(usage)] });
    figure.setTable(usageTable(usage));
    setText(this.perplexity, perplexityText(usage));
    setText(this.used, `${count(usage.counts.length - usage.dead.length)} of ${count(usage.counts.length)}`);
    if (this.position !== null && this.position >= usage.counts.length) this.position = null;
  }

  private choose(key: 'log' | 'byIndex', pressed: boolean): void {
    this.context.settings.set(key, pressed);
    if (key === 'log') this.choices.log = pressed;
    else this.choices.order = pressed ? 'index' : 'rank';
    const keptAxis = key === 'log' ? 'xaxis' : 'yaxis';
    this.position = key === 'log' ? this.position : null;
    this.chart.setZoom(Object.fromEntries(Object.entries(this.chart.zoom).filter(([axis]) => axis === keptAxis)));
  }

  /** First number on the horizontal axis: ranks count from 1, indices from 0. */
  private get offset(): number {
    return this.choices.order === 'rank' ? 1 : 0;
  }

  private renderMarker(): void {
    const box = plotBox(this.width);
    const code = this.position === null ? undefined : codeAt(this.usage, this.choices.order, this.position);
    setText(this.code, code === undefined ? '' : describeCode(this.usage, code));
    const left = this.position === null ? NaN : toX(this.position + this.offset, this.chart.range('xaxis'), box);
    this.marker.hidden = !(left >= box.left && left <= box.left + box.width);
    if (this.marker.hidden) return;
    this.marker.style.transform = `translate(${left.toFixed(1)}px, ${box.top}px)`;
    this.marker.style.height = `${box.height}px`;
  }

  private pointAt(position: number | null): void {
    if (position === this.position) return;
    this.position = position;
    this.renderMarker();
  }

  private positionUnder([x]: Place): number | null {
    const at = fromX(x, this.chart.range('xaxis'), plotBox(this.width)) - this.offset;
    const position = Math.round(at);
    return position >= 0 && position < this.usage.counts.length ? position : null;
  }

  private listen(): void {
    this.stage.addEventListener('keydown', (event) => this.onKey(event));
  }

  private onKey(event: KeyboardEvent): void {
    const last = this.usage.counts.length - 1;
    const stride = event.shiftKey ? 10 : 1;
    const from = this.position ?? -1;
    const goTo = (to: number) => {
      this.hover.forget();
      this.pointAt(Math.min(last, Math.max(0, to)));
      const code = codeAt(this.usage, this.choices.order, this.position ?? 0);
      if (code !== undefined) this.context.figure.announce(describeCode(this.usage, code));
    };
    runKey(event, {
      ArrowLeft: () => goTo(from - stride),
      ArrowRight: () => goTo(from + stride),
      Home: () => goTo(0),
      End: () => goTo(last),
      Escape: () => this.pointAt(null),
      '+': () => this.zoomCodes(0.5),
      '=': () => this.zoomCodes(0.5),
      '-': () => this.zoomCodes(2),
      '0': () => this.chart.setZoom({}),
    });
  }

  private zoomCodes(factor: number): void {
    const range = this.chart.range('xaxis');
    const centre = this.position === null ? (range[0] + range[1]) / 2 : this.position + this.offset;
    this.chart.setZoom({ ...this.chart.zoom, xaxis: scaleRange(range, centre, factor) });
  }

  private async print(): Promise<SvgImage> {
    const width = Math.max(this.width, 560);
    const box = plotBox(width);
    const lower = { ...box, top: box.top + PRINT_HEAD };
    const size = { width, height: chartSize(width).height + PRINT_HEAD };
    const spec = histogramSpec(this.usage, this.choices, this.chart.zoom, PRINT_THEME, lower, size);
    const line = (text: string, y: number, font: object) => ({
      ...{ text, showarrow: false, xref: 'paper', yref: 'paper', xanchor: 'left', yanchor: 'top' },
      ...{ x: 12 / width, y: 1 - y / size.height, font },
    });
    spec.layout.paper_bgcolor = PRINT_THEME.background;
    spec.layout.annotations = [
      line(`<b>${literal(this.shown.title)}</b>`, 6, { size: 14, color: PRINT_THEME.foreground }),
      line(`perplexity ${perplexityText(this.usage)}`, 28, { size: 11, color: PRINT_THEME.muted }),
    ];
    return this.chart.toSvg(spec, size);
  }
}
