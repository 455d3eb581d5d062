import { figureData, type FigureData } from '../../../kernel/figures/own/data';
import { headMarks, keyOf, laidOut, type KeyEntry } from '../../../kernel/figures/own/layout';
import type { FigureChoices } from '../../../kernel/figures/own/ranges';
import type { FigureView } from '../../../kernel/views/types';
import { runKey } from '../../accessibility';
import { decode } from '../../data';
import { adoptStyles, h, svg } from '../../dom';
import { button, Toggle } from '../../figure/controls';
import { coloursOf, markElement } from '../../figure/marks';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { Hover } from '../../hover';
import { panelDrawing } from '../../panels/drawing';
import { zoomByKey, ZOOM_KEYS } from '../../panels/keys';
import type { Panel } from '../../panels/panel';
import { Panels } from '../../panels/panels';
import panelStyles from '../../panels/panels.css';
import { PRINT_THEME } from '../../theme';
import type { Theme } from '../../theme';
import type { Drawn, ViewContext } from '../../view';
import { Cursor } from './cursor';
import styles from './figure.css';
import { figureTable } from './model';
import { spotsOf, type Reading, type Spots } from './spots';

const LABEL =
  'Figure. Left and right arrow keys go from place to place, with Shift ten at a time, up and down in a surface, Home and ' +
  `End to the ends, Escape leaves them; ${ZOOM_KEYS}.`;
const LOG = { x: 'A logarithmic x axis', y: 'A logarithmic y axis' };

export class OwnFigure implements Drawn<FigureView> {
  private readonly panels: Panels;
  private readonly key = h('ul', { class: 'figure-key' });
  private readonly cursor = new Cursor();
  private readonly scale = svg('svg', { class: 'overlay', 'aria-hidden': 'true' });
  private readonly hover: Hover;
  private readonly resetZoom: HTMLButtonElement;
  private readonly log: Record<'x' | 'y', Toggle>;
  private readonly hidden = new Set<string>();
  private data: FigureData;
  private spots: Spots | undefined;
  private panel: Panel | undefined;
  private at: number | undefined;
  private width = 0;

  constructor(
    private readonly context: ViewContext,
    private shown: FigureView,
  ) {
    const { figure } = context;
    this.data = figureData(shown, decode);
    adoptStyles(figure.root, panelStyles);
    adoptStyles(figure.root, styles);
    this.panels = new Panels(figure, LABEL, () => this.render());
    const stage = this.panels.element;
    stage.append(this.scale, this.cursor.element);
    this.resetZoom = button('Reset zoom', { title: 'Show everything (double click)' }, () => this.panels.setZoom({}));
    this.log = {
      x: new Toggle('Log x', LOG.x, shown.x.log === true, () => this.rescale()),
      y: new Toggle('Log y', LOG.y, shown.y.log === true, () => this.rescale()),
    };
    figure.controls.append(this.resetZoom, this.log.x.element, this.log.y.element);
    figure.body.append(this.key, stage);
    this.hover = new Hover(stage, (place) => {
      this.at = place && this.panel && this.isOver(place) ? this.read.nearest(place, this.panel) : undefined;
      this.renderCursor();
    });
    stage.addEventListener('keydown', (event) => this.onKey(event));
    figure.setDrawing((width) => this.print(width));
    this.present();
    figure.onTheme(() => this.render());
    figure.onResize((width) => {
      this.width = width;
      this.render();
    });
  }

  update(view: FigureView): void {
    const isAnother = view.id !== this.shown.id;
    this.shown = view;
    this.data = figureData(view, decode);
    if (isAnother) {
      this.hidden.clear();
      this.log.x.pressed = view.x.log === true;
      this.log.y.pressed = view.y.log === true;
      this.at = undefined;
    }
    this.present();
    this.render();
  }

  dispose(): void {
    this.key.replaceChildren();
  }

  private present(): void {
    const { shown, data } = this;
    this.spots = undefined;
    const spreads = [
      ...new Set(data.layers.flatMap((layer) => ('spread' in layer && layer.spread ? [layer.spread] : []))),
    ];
    const notes = spreads.map((spread) => `${spread.charAt(0).toUpperCase()}${spread.slice(1)}.`);
    // What the summary says of the layers, the picture shows.
    const text = { title: shown.title, summary: shown.summary, caption: '' };
    this.context.figure.setText({ ...text, notes: [...shown.notes, ...notes] });
    this.context.figure.setTable(figureTable(data));
    const reasons = { x: this.whyNoLog('x'), y: this.whyNoLog('y') };
    this.log.x.disable(reasons.x, LOG.x);
    this.log.y.disable(reasons.y, LOG.y);
  }

  private whyNoLog(axis: 'x' | 'y'): string | null {
    const numbers = this.data.layers.flatMap((layer) => {
      if (layer.kind === 'bars') return axis === 'x' ? [layer.edges] : [layer.heights];
      return [layer[axis]];
    });
    const isAbove = numbers.some((values) => Array.prototype.some.call(values, (value: number) => value > 0));
    return isAbove ? null : 'No number on it is above 0';
  }

  private get choices(): FigureChoices {
    return { logX: this.log.x.pressed, logY: this.log.y.pressed, hidden: this.hidden };
  }

  private get read(): Spots {
    return (this.spots ??= spotsOf(this.data, this.choices));
  }

  private rescale(): void {
    this.spots = undefined;
    // A range of other units would be nonsense.
    this.panels.setZoom({});
  }

  private render(): void {
    if (this.width === 0) return;
    const { theme } = this.context.figure;
    const { panel, height, scale } = this.laidOut(this.width, theme);
    this.panel = panel;
    this.resetZoom.hidden = !this.panels.isZoomed;
    this.panels.draw([panel], this.width, Math.ceil(height));
    const colours = coloursOf(theme);
    this.scale.setAttribute('viewBox', `0 0 ${this.width} ${Math.ceil(height)}`);
    this.scale.setAttribute('width', String(this.width));
    this.scale.setAttribute('height', String(Math.ceil(height)));
    this.scale.replaceChildren(...scale.map((mark) => markElement(mark, colours)));
    this.renderKey(theme);
    this.renderCursor();
  }

  private laidOut(width: number, theme: Theme, top = 0) {
    const { x, y0: y } = this.panels.zoom;
    const request = { choices: this.choices, colours: coloursOf(theme), isDark: theme.dark, zoom: { x, y } };
    return laidOut(this.data, request, width, top);
  }

  // --- the key ----------------------------------------------------------------------------------------------------

  private renderKey(theme: Theme): void {
    const entries = keyOf(this.data);
    this.key.hidden = entries.length === 0;
    // What has the focus keeps it.
    const focused = this.context.figure.root.activeElement;
    const index = [...this.key.querySelectorAll('button')].indexOf(focused as HTMLButtonElement);
    this.key.replaceChildren(...entries.map((entry) => this.keyItem(entry, theme)));
    if (index >= 0) this.key.querySelectorAll('button')[index]?.focus();
  }

  private keyItem({ id, name, kind, colour }: KeyEntry, theme: Theme): HTMLElement {
    const item = button('', { title: `Show or hide ${name}` }, () => {
      if (!this.hidden.delete(id)) this.hidden.add(id);
      this.spots = undefined;
      this.at = undefined;
      this.render();
    });
    const swatch = h('span', { class: kind === 'line' ? 'swatch' : `swatch ${kind}-swatch`, 'aria-hidden': 'true' });
    swatch.style.setProperty('--colour', coloursOf(theme)(`category ${colour}`));
    item.append(swatch, name);
    item.setAttribute('aria-pressed', String(!this.hidden.has(id)));
    return h('li', {}, item);
  }

  // --- the cursor -------------------------------------------------------------------------------------------------

  private isOver([x, y]: readonly [number, number]): boolean {
    const { left, top, width, height } = this.panel!.box;
    return x >= left && x <= left + width && y >= top && y <= top + height;
  }

  private reading(): Reading | undefined {
    const { at, panel } = this;
    return at === undefined || !panel ? undefined : this.read.read(at, panel, coloursOf(this.context.figure.theme));
  }

  private renderCursor(): void {
    if (this.panel) this.cursor.render(this.reading(), this.panel);
  }

  private onKey(event: KeyboardEvent): void {
    const { panel } = this;
    if (!panel) return;
    const place = this.reading()?.at[0];
    const { box, x } = panel;
    const centre =
      place === undefined ? null : x.range[0] + ((place - box.left) / box.width) * (x.range[1] - x.range[0]);
    if (zoomByKey(event, this.panels, { at: centre, panel: 0 })) return;
    const { count, stride } = this.read;
    const goTo = (index: number) => {
      if (count === 0) return;
      this.hover.forget();
      this.at = Math.min(count - 1, Math.max(0, index));
      this.renderCursor();
      const reading = this.reading();
      if (reading) this.context.figure.announce(spoken(reading));
    };
    const step = (by: number) => () => goTo(this.at === undefined ? (by > 0 ? 0 : count - 1) : this.at + by);
    const by = event.shiftKey ? 10 : 1;
    runKey(event, {
      ArrowLeft: step(-by),
      ArrowRight: step(by),
      ...(stride > 0 && { ArrowUp: step(stride * by), ArrowDown: step(-stride * by) }),
      Home: () => goTo(0),
      End: () => goTo(count - 1),
      Escape: () => {
        this.at = undefined;
        this.renderCursor();
      },
    });
  }

  // --- print ------------------------------------------------------------------------------------------------------

  private print(given?: number): SvgImage {
    const width = given ?? Math.max(this.width, 480);
    const entries = keyOf(this.data).filter(({ id }) => !this.hidden.has(id));
    const head = headMarks(this.shown.title, entries, width);
    const { panel, height, scale } = this.laidOut(width, PRINT_THEME, head.height);
    const colours = coloursOf(PRINT_THEME);
    const marks = [...head.marks, ...scale].map((mark) => markElement(mark, colours));
    return standalone([...panelDrawing([panel], PRINT_THEME), ...marks], width, Math.ceil(height), PRINT_THEME);
  }
}

function spoken({ heading, rows }: Reading): string {
  const all = rows.map(({ name, value }) => `${name} ${value}`).join(', ');
  return heading === '' ? `${all}.` : `${heading}: ${all}.`;
}
