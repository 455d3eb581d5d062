/** A plotly chart inside a figure: drawn in place, its zoom held here, its geometry known to the pixel. */
import type { Config, Layout, PlotElement, Trace } from 'plotly.js/lib/core';
import { h } from '../dom';
import type { Plotly } from './plotly';
import type { Figure } from '../figure/figure';
import type { SvgImage } from '../figure/save';

export interface ChartSpec {
  data: Trace[];
  layout: Layout;
}

export interface Size {
  width: number;
  height: number;
}

/** Axis name (`xaxis`, `yaxis2`) → the range that the reader zoomed to, in axis units (log10 on a log axis). */
export type Zoom = Record<string, [number, number]>;

/** Nothing of plotly's own furniture: no mode bar, no links, no saving elsewhere. Double clicks are ours. */
const CONFIG: Config = {
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false,
  doubleClick: false,
  responsive: false,
};

export class Chart {
  private plot: PlotElement | undefined;
  private revision = 0;
  private zoomed: Zoom = {};

  private constructor(
    private readonly plotly: typeof Plotly,
    private readonly element: HTMLDivElement,
    private readonly onZoom: () => void,
  ) {}

  /**
   * Loads plotly and puts an empty chart into the figure. Plotly writes its style rules into the head of the document, so its
   * element is a child of the figure's element in the page's own tree, and shows where the figure has its slot.
   *
   * @param slot   an empty element of the figure's shadow tree: the chart shows there
   * @param onZoom hears that the reader changed a range (see {@link zoom}); the chart is to be drawn again
   */
  static async create(figure: Figure, slot: HTMLElement, onZoom: () => void): Promise<Chart> {
    const loaded = await import('./plotly');
    const element = h('div', { slot: 'chart', 'aria-hidden': 'true' });
    slot.append(h('slot', { name: 'chart' }));
    figure.element.append(element);
    return new Chart(loaded.Plotly, element, onZoom);
  }

  get zoom(): Readonly<Zoom> {
    return this.zoomed;
  }

  setZoom(zoom: Zoom): void {
    this.zoomed = zoom;
    this.onZoom();
  }

  /** Draws or redraws in place. Ranges in the layout should respect {@link zoom}. */
  async draw(spec: ChartSpec, size: Size): Promise<void> {
    const layout = { ...spec.layout, ...size, datarevision: ++this.revision };
    const drawn = this.plotly.react(this.element, spec.data, layout, CONFIG);
    if (this.plot === undefined) this.listen((this.plot = this.element as PlotElement));
    await drawn;
  }

  /** The range that an axis has on screen, in axis units. */
  range(axis: string): [number, number] {
    const { range } = this.plot?.layout[axis] as { range?: [number, number] };
    return range ?? [0, 1];
  }

  /** The same chart as a drawing of its own. */
  async toSvg(spec: ChartSpec, size: Size): Promise<SvgImage> {
    const markup = await this.plotly.toImage(
      { data: spec.data, layout: { ...spec.layout, ...size }, config: CONFIG },
      { format: 'svg', ...size, imageDataOnly: true },
    );
    return { markup, ...size };
  }

  dispose(): void {
    if (this.plot !== undefined) this.plotly.purge(this.element);
    this.element.remove();
  }

  private listen(plot: PlotElement): void {
    plot.on('plotly_relayout', (changes) => {
      this.zoomed = withChanges(this.zoomed, changes);
      this.onZoom();
    });
    plot.on('plotly_doubleclick', () => this.setZoom({}));
  }
}

/** Ranges after a `plotly_relayout` event. Axes that match the first x axis carry no range of their own. */
function withChanges(zoom: Zoom, changes: Record<string, unknown>): Zoom {
  const next: Zoom = { ...zoom };
  for (const [key, value] of Object.entries(changes)) {
    const [path, axis, end] = /^([xy]axis\d*)\.range\[([01])\]$/.exec(key) ?? [];
    if (path === undefined || axis === undefined || typeof value !== 'number') continue;
    const name = axis.startsWith('x') ? 'xaxis' : axis;
    const range: [number, number] = [...(next[name] ?? [NaN, NaN])];
    range[Number(end)] = value;
    next[name] = range;
  }
  return Object.fromEntries(Object.entries(next).filter(([, range]) => range.every(Number.isFinite)));
}
