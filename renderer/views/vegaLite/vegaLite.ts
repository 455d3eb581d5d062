import { loader, parse, View, type Loader, type LoggerInterface } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile } from 'vega-lite';
import { h } from '../../dom';
import { messageOf } from '../../errors';
import type { SvgImage } from '../../figure/save';
import { PRINT_THEME, type Theme } from '../../theme';
import { InvalidView, type Drawn, type ViewContext } from '../../view';
import { configFor, followsWidth, specFor, tableOf, type VegaLiteView } from './model';

const PRINT_WIDTH = 720;

/** Views ask for nothing from the network: data and pictures stand in the specification; links are the reader's to follow. */
const LOADER: Loader = {
  ...loader(),
  load: (uri) => Promise.reject(new Error(`${uri} is not loaded: put the data into the chart, as data.values`)),
  sanitize: (uri, options: { context?: string }) =>
    options.context === 'href' || /^data:image\//.test(uri)
      ? Promise.resolve({ href: uri })
      : Promise.reject(new Error(`${uri} is not loaded: put pictures into the chart, as data: URLs`)),
};

/** A chart as the user wrote it, in the colours of the page. Expressions are interpreted: no code is built from them. */
export class VegaLiteChart implements Drawn<VegaLiteView> {
  private readonly element = h('div', { class: 'chart', role: 'group', 'aria-label': 'Chart' });
  private width = 0;
  private drawn: View | undefined;
  private shown: VegaLiteView;

  /** @throws InvalidView for a chart that Vega-Lite does not take */
  constructor(
    private readonly context: ViewContext,
    first: VegaLiteView,
  ) {
    const { figure } = context;
    this.shown = first;
    this.check();
    figure.body.append(this.element);
    figure.setDrawing((width) => this.print(width));
    figure.setText({ title: first.title, summary: first.summary, caption: '', notes: [] });
    figure.onTheme(() => this.draw());
    figure.onResize((width) => {
      const isFirst = this.width === 0;
      this.width = width;
      if (isFirst || followsWidth(this.shown.spec)) this.draw();
      this.letScroll();
    });
  }

  update(view: VegaLiteView): void {
    this.shown = view;
    this.check();
    this.context.figure.setText({ title: view.title, summary: view.summary, caption: '', notes: [] });
    this.draw();
  }

  private check(): void {
    try {
      this.viewOf(this.context.figure.theme, PRINT_WIDTH, false).view.finalize();
    } catch (error) {
      throw new InvalidView(`Vega-Lite does not take it: ${messageOf(error)}`);
    }
  }

  dispose(): void {
    this.drawn?.finalize();
    this.element.remove();
  }

  private draw(): void {
    if (this.width === 0) return;
    const { figure } = this.context;
    this.drawn?.finalize();
    const said: string[] = [];
    const { view, data } = this.viewOf(figure.theme, this.width, false, listener(said));
    this.drawn = view;
    const shown = async () => {
      await view.renderer('svg').initialize(this.element).hover().runAsync();
      if (this.drawn !== view) return;
      this.letScroll();
      figure.setProblem(said.length > 0 ? said.join('; ') : null);
      figure.setTable(tableOf(rowsOf(view, data)));
    };
    shown().catch((error: unknown) => figure.setProblem(`Vega-Lite cannot draw this chart: ${messageOf(error)}`));
  }

  /** A chart that says how wide it is may be wider than the page: then it is scrolled, by the keyboard too. */
  private letScroll(): void {
    const { element } = this;
    element.style.overflowX = 'auto';
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
    else element.removeAttribute('tabindex');
  }

  private async print(width = PRINT_WIDTH): Promise<SvgImage> {
    const { view } = this.viewOf(PRINT_THEME, width, true);
    try {
      const markup = await view.toSVG();
      const [width, height] = ['width', 'height'].map((name) =>
        Number(new RegExp(` ${name}="([\\d.]+)"`).exec(markup)![1]),
      );
      return { markup, width: width!, height: height! };
    } finally {
      view.finalize();
    }
  }

  /** A view that is not drawn yet, and the data sets of its specification. */
  private viewOf(theme: Theme, width: number, isPrinted: boolean, logger = listener([])) {
    const { spec } = compile(specFor(this.shown.spec, width, isPrinted), { config: configFor(theme, width) });
    const runtime = parse(spec, {}, { ast: true });
    const view = new View(runtime, { expr: expressionInterpreter, renderer: 'none', loader: LOADER, logger });
    return { view, data: spec.data };
  }
}

/** What goes wrong while a chart is computed, such as data that cannot be had. */
function listener(said: string[]): LoggerInterface {
  const log: LoggerInterface = {
    level: (() => log) as LoggerInterface['level'],
    error: (...words) => hear(words),
    warn: (...words) => hear(words),
    info: () => log,
    debug: () => log,
  };
  const hear = (words: readonly unknown[]) => {
    said.push(words.map((word) => (word instanceof Error ? word.message : String(word))).join(' '));
    return log;
  };
  return log;
}

/** The rows of the chart's data as they are given: its first data set, from which the others come. */
function rowsOf(view: View, [first]: readonly { name: string }[] = []): Record<string, unknown>[] {
  return first ? (view.data(first.name) as Record<string, unknown>[]) : [];
}
