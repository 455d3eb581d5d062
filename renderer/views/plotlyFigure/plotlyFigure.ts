import type { Config } from 'plotly.js/lib/core';
import type { Plotly } from '../../chart/plotly';
import { h } from '../../dom';
import { messageOf } from '../../errors';
import type { SvgImage } from '../../figure/save';
import { PRINT_THEME } from '../../theme';
import { InvalidView, type Drawn, type ViewContext } from '../../view';
import { typeOf } from './asView';
import { layoutFor, tableOf, type PlotlyView } from './model';

const HEIGHT = 400;
const PRINT_WIDTH = 720;

const CONFIG: Config = {
  displaylogo: false,
  showSendToCloud: false,
  responsive: false,
  // The figure saves by itself; plotly's way does not work in a notebook.
  modeBarButtonsToRemove: ['toImage'],
};

/** A figure as the user wrote it, in the colours of the page. */
export class PlotlyFigure implements Drawn<PlotlyView> {
  private width = 0;
  private shown: PlotlyView;

  private constructor(
    private readonly context: ViewContext,
    private readonly plotly: typeof Plotly,
    private readonly types: ReadonlySet<string>,
    private readonly element: HTMLDivElement,
    first: PlotlyView,
  ) {
    this.shown = first;
    const { figure } = context;
    figure.setDrawing((width) => this.print(width));
    figure.onTheme(() => this.draw());
    figure.onResize((width) => {
      this.width = width;
      this.draw();
    });
    this.update(first);
  }

  /** @throws InvalidView for a figure that cannot be drawn here */
  static async create(context: ViewContext, first: PlotlyView): Promise<PlotlyFigure> {
    const [{ Plotly }, { TRACE_TYPES }] = await Promise.all([
      import('../../chart/plotly'),
      import('../../chart/moreTraces'),
    ]);
    check(first, TRACE_TYPES);
    const { figure } = context;
    // Plotly's style rules are the page's: it draws outside of the shadow tree.
    const element = h('div', { slot: 'chart', role: 'group', 'aria-label': 'Chart' });
    figure.body.append(h('slot', { name: 'chart' }));
    figure.element.append(element);
    return new PlotlyFigure(context, Plotly, TRACE_TYPES, element, first);
  }

  update(view: PlotlyView): void {
    check(view, this.types);
    this.shown = view;
    const { figure } = this.context;
    figure.setText({ title: view.title, summary: view.summary, caption: '', notes: [] });
    figure.setTable(tableOf(view.data));
    this.draw();
  }

  dispose(): void {
    this.plotly.purge(this.element);
    this.element.remove();
  }

  private draw(): void {
    if (this.width === 0) return;
    const { figure } = this.context;
    const { data, layout } = this.shown;
    const size = { width: layout['width'] ?? this.width, height: layout['height'] ?? HEIGHT };
    // Plotly writes into what it draws.
    const own = structuredClone({ data, layout });
    this.plotly
      .react(this.element, own.data, { uirevision: 'reader', ...layoutFor(own.layout, figure.theme), ...size }, CONFIG)
      .then(
        () => figure.setProblem(null),
        (error: unknown) => figure.setProblem(`Plotly cannot draw this figure: ${messageOf(error)}`),
      );
  }

  private async print(width = PRINT_WIDTH): Promise<SvgImage> {
    const own = structuredClone({ data: this.shown.data, layout: this.shown.layout });
    const size = { width, height: Number(own.layout['height'] ?? HEIGHT) };
    const layout = { ...layoutFor(own.layout, PRINT_THEME), title: own.layout['title'], ...size };
    const figure = { data: own.data, layout, config: CONFIG };
    const markup = await this.plotly.toImage(figure, { format: 'svg', ...size, imageDataOnly: true });
    return { markup, ...size };
  }
}

function check({ data }: PlotlyView, types: ReadonlySet<string>): void {
  const unknown = data.map(typeOf).find((type) => !types.has(type));
  if (unknown !== undefined) {
    throw new InvalidView(`its trace of type “${unknown}” is not one that LatentLab draws (${[...types].join(', ')})`);
  }
}
