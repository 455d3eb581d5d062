import { IN_PANELS, PARTS, partsOf, readCodebook, usedText } from '../../../kernel/figures/codebook/codebook';
import type { PartId } from '../../../kernel/figures/codebook/codebook';
import { coursePart } from '../../../kernel/figures/codebook/parts/coursePart';
import type { Choices, CodebookData, Drawing, Part } from '../../../kernel/figures/codebook/parts/part';
import { usagePart } from '../../../kernel/figures/codebook/parts/usagePart';
import { PRINT_LOOK } from '../../../kernel/figures/look';
import { codeAt, deadCodesText, describeCode, perplexityText } from '../../../kernel/figures/codebook/usage';
import type { CodebookHistogramView } from '../../../kernel/views/types';
import { runKey } from '../../accessibility';
import { adoptStyles, h, setText } from '../../dom';
import { button, Toggle } from '../../figure/controls';
import { Jump } from '../../figure/jump';
import type { SvgImage } from '../../figure/save';
import { Tabs } from '../../figure/tabs';
import { Hover } from '../../hover';
import type { Place } from '../../hover';
import { count } from '../../numbers';
import { zoomByKey, ZOOM_KEYS } from '../../panels/keys';
import type { Panel } from '../../panels/panel';
import { Panels } from '../../panels/panels';
import panelStyles from '../../panels/panels.css';
import type { Drawn, ViewContext } from '../../view';
import styles from './codebook.css';
import { CodePatchStrip } from './codePatches';
import { MapPart } from './maps';
import { printCodebook } from './print';
import { courseTable, planeTable, usageTable } from './tables';
import { decode } from '../../data';

const LABEL =
  'Codebook. Left and right arrow keys move from code to code, with Shift ten at a time, Home and End to the ends, digits ' +
  `go to a code by its number, Escape removes the mark; ${ZOOM_KEYS}.`;

export class CodebookHistogram implements Drawn<CodebookHistogramView> {
  private readonly perplexity = h('dd');
  private readonly used = h('dd');
  private readonly code = h('div', { class: 'code' });
  private readonly names = h('div', { class: 'names', 'aria-hidden': 'true' });
  private readonly marker = h('div', { class: 'marker', hidden: true });
  private readonly images = h('div');
  private readonly panels: Panels;
  private readonly tabs: Tabs;
  private readonly strip: CodePatchStrip;
  private readonly log: Toggle;
  private readonly byIndex: Toggle;
  private readonly resetZoom: HTMLButtonElement;
  private readonly jump = new Jump('code', (code) => this.jumpTo(code));
  private readonly hover: Hover;
  private readonly choices: Choices;
  private data!: CodebookData;
  private maps: MapPart | undefined;
  private drawn: readonly Panel[] = [];
  private wanted: PartId;
  private width = 0;
  /** The code that was chosen, and the one that is pointed at meanwhile. */
  private pinned: number | null = null;
  private pointed: number | null = null;

  constructor(
    private readonly context: ViewContext,
    private shown: CodebookHistogramView,
  ) {
    const { figure, settings, channel } = context;
    this.choices = {
      order: settings.boolean('byIndex', false) ? 'index' : 'rank',
      log: settings.boolean('log', false),
    };
    this.wanted = PARTS[settings.number('part', 0)]?.id ?? 'usage';
    adoptStyles(figure.root, panelStyles);
    adoptStyles(figure.root, styles);
    this.panels = new Panels(figure, LABEL, () => this.render());
    this.strip = new CodePatchStrip(channel, () => this.renderCode());
    this.log = new Toggle('Log', 'Logarithmic counts', this.choices.log, (log) => this.choose('log', log));
    const byIndex = this.choices.order === 'index';
    this.byIndex = new Toggle('By index', 'Order by code index instead of rank', byIndex, (pressed) =>
      this.choose('byIndex', pressed),
    );
    this.resetZoom = button('Reset zoom', { title: 'Show all codes (double click)' }, () => this.panels.setZoom({}));
    figure.controls.append(this.resetZoom, this.jump.element, this.log.element, this.byIndex.element);
    const stage = this.panels.element;
    stage.append(this.names, this.marker);
    this.hover = new Hover(stage, (at) => this.pointAt(at && this.codeUnder(at)));
    const page = h('div', {}, stage, this.images);
    this.tabs = new Tabs('Parts of the codebook', page, (id) => this.turnTo(id as PartId));
    figure.body.append(this.stats(), this.tabs.element, page, this.code, this.strip.element);
    stage.addEventListener('keydown', (event) => this.onKey(event));
    this.pinByClick(stage);
    figure.setDrawing((width) => this.print(width));
    this.show(shown);
    figure.onTheme(() => this.render());
    figure.onResize((width) => {
      this.width = width;
      this.render();
    });
  }

  update(view: CodebookHistogramView): void {
    this.show(view);
    this.render();
  }

  dispose(): void {
    // All that is here goes with the figure.
  }

  private stats(): HTMLElement {
    return h(
      'dl',
      { class: 'stats' },
      h('div', {}, h('dt', {}, 'Perplexity'), this.perplexity),
      h('div', {}, h('dt', {}, 'Used'), this.used),
    );
  }

  private show(view: CodebookHistogramView): void {
    this.shown = view;
    this.data = readCodebook(view, decode);
    const { usage } = this.data;
    this.maps = view.maps && new MapPart(view.maps, usage, (code, pinned) => this.choseInMap(code, pinned), (text) => this.context.figure.announce(text)); // prettier-ignore
    this.images.replaceChildren(...(this.maps ? [this.maps.element] : []));
    this.strip.show(view.patches);
    const { figure } = this.context;
    figure.setText({ title: view.title, summary: view.summary, caption: '', notes: [deadCodesText(usage)] });
    setText(this.perplexity, perplexityText(usage));
    setText(this.used, usedText(usage));
    if (this.pinned !== null && this.pinned >= usage.counts.length) this.pinned = null;
    this.pointed = null;
    this.setTable();
  }

  // --- parts ------------------------------------------------------------------------------------------------------

  private get parts(): readonly { id: PartId; title: string }[] {
    return partsOf(this.shown, this.data);
  }

  private get id(): PartId {
    return this.parts.some(({ id }) => id === this.wanted) ? this.wanted : 'usage';
  }

  /** The part that is shown, where it is drawn in panels. */
  private get part(): Part | undefined {
    return this.id === 'maps' ? undefined : IN_PANELS[this.id];
  }

  private turnTo(id: PartId): void {
    this.wanted = id;
    this.context.settings.set(
      'part',
      PARTS.findIndex((part) => part.id === id),
    );
    this.setTable();
    this.panels.setZoom({});
  }

  private setTable(): void {
    const { data, id } = this;
    const table =
      id === 'plane' ? planeTable(data) : id === 'course' ? courseTable(data.course!) : usageTable(data.usage);
    this.context.figure.setTable(table);
  }

  private choose(key: 'log' | 'byIndex', pressed: boolean): void {
    this.context.settings.set(key, pressed);
    if (key === 'log') this.choices.log = pressed;
    else this.choices.order = pressed ? 'index' : 'rank';
    const { x, y0 } = this.panels.zoom;
    this.panels.setZoom(key === 'log' ? { ...(x && { x }) } : { ...(y0 && { y0 }) });
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  private drawing(width = this.width, look: Drawing['look'] = this.context.figure.theme): Drawing {
    const { data, choices, panels } = this;
    return { data, choices, zoom: panels.zoom, look, width, code: this.pointed ?? this.pinned };
  }

  private render(): void {
    if (this.width === 0) return;
    const { part } = this;
    this.tabs.show(this.parts, this.id);
    this.log.element.hidden = this.byIndex.element.hidden = this.id !== 'usage';
    this.panels.element.hidden = part === undefined;
    this.images.hidden = part !== undefined;
    this.resetZoom.hidden = part === undefined || !this.panels.isZoomed;
    if (part) this.drawPanels(part);
    this.renderCode();
    this.hover.again();
  }

  private drawPanels(part: Part): void {
    const drawing = this.drawing();
    this.drawn = part.panels(drawing, 0);
    const foot = Math.max(...this.drawn.map(({ box }) => box.top + box.height));
    this.panels.draw(this.drawn, this.width, foot + 42);
    this.names.replaceChildren(
      ...part.names(drawing).map(({ box, text }) => {
        const name = h('b', { title: text }, text);
        name.style.maxWidth = `${this.width - box.left}px`;
        name.style.transform = `translate(${box.left}px, ${box.top - 20}px)`;
        return name;
      }),
    );
  }

  private renderCode(): void {
    const code = this.pointed ?? this.pinned;
    const { usage } = this.data;
    setText(this.code, code === null ? '' : describeCode(usage, code));
    this.maps?.mark(code);
    this.strip.render(code, code === null || usage.counts[code]! > 0, this.pointed === null);
    this.renderMarker();
  }

  private renderMarker(): void {
    const { marker, part } = this;
    const at = part && this.drawn.length > 0 ? part.markOf(this.drawing(), this.drawn) : null;
    const box = this.drawn[0]?.box;
    marker.hidden = !at || !box || at.x < box.left || at.x > box.left + box.width + 6;
    if (!at || !box) return;
    marker.classList.toggle('point', at.y !== null);
    marker.style.transform = `translate(${at.x.toFixed(1)}px, ${(at.y ?? box.top).toFixed(1)}px)`;
    marker.style.height = at.y === null ? `${box.height}px` : '';
  }

  // --- the code that is looked at ---------------------------------------------------------------------------------

  private codeUnder([x, y]: Place): number | null {
    const box = this.drawn[0]?.box;
    if (!box || x < box.left - 4 || x > box.left + box.width + 4 || y > box.top + box.height + 34) return null;
    return this.part?.codeAt(this.drawing(), this.drawn, [x, y]) ?? null;
  }

  private pointAt(code: number | null): void {
    if (code === this.pointed) return;
    this.pointed = code;
    this.lookAt();
  }

  /** The end of a drag, which selects a part, is a click too. */
  private pinByClick(stage: HTMLElement): void {
    let [x, y] = [NaN, NaN];
    stage.addEventListener('pointerdown', (event) => ([x, y] = [event.clientX, event.clientY]));
    stage.addEventListener('click', ({ clientX, clientY }) => {
      const hasMoved = Math.hypot(clientX - x, clientY - y) > 3;
      if (!hasMoved && this.pointed !== null) this.pin(this.pointed);
    });
  }

  private pin(code: number | null): void {
    this.pinned = code;
    this.pointed = null;
    this.lookAt();
  }

  /** The course draws a curve of the code that is looked at. */
  private lookAt(): void {
    if (this.id === 'course' && this.data.course?.counts && this.width > 0) this.drawPanels(coursePart);
    this.renderCode();
  }

  private choseInMap(code: number | null, pinned: boolean): void {
    if (pinned) this.pin(code);
    else this.pointAt(code);
  }

  /** @returns why there is no going there */
  private jumpTo(code: number): string | null {
    const last = this.data.usage.counts.length - 1;
    if (!Number.isInteger(code) || code < 0 || code > last) return `there are codes from 0 to ${count(last)}`;
    this.pin(code);
    this.bringIntoView(code);
    this.context.figure.announce(describeCode(this.data.usage, code));
    return null;
  }

  /** A zoom that leaves the code out moves to it. */
  private bringIntoView(code: number): void {
    const { x } = this.panels.zoom;
    if (!x || this.id !== 'usage') return;
    const at = this.choices.order === 'rank' ? this.data.usage.rankOf[code]! : code;
    if (at >= x[0] && at <= x[1]) return;
    const half = (x[1] - x[0]) / 2;
    this.panels.setZoom({ ...this.panels.zoom, x: [at - half, at + half] });
  }

  private onKey(event: KeyboardEvent): void {
    if (/^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      return this.jump.begin(event.key);
    }
    const { usage } = this.data;
    // In the plane and over the training codes are gone through by rank too.
    const order = this.id === 'usage' ? this.choices.order : 'rank';
    const last = usage.counts.length - 1;
    const code = this.pointed ?? this.pinned;
    const from = code === null ? -1 : order === 'rank' ? usage.rankOf[code]! - 1 : code;
    if (zoomByKey(event, this.panels, { at: this.id === 'usage' && code !== null ? from + (order === 'rank' ? 1 : 0) : null, panel: 0 })) return; // prettier-ignore
    const stride = event.shiftKey ? 10 : 1;
    const goTo = (to: number) => {
      this.hover.forget();
      const found = codeAt(usage, order, Math.min(last, Math.max(0, to)));
      if (found === undefined) return;
      this.pin(found);
      this.bringIntoView(found);
      this.context.figure.announce(describeCode(usage, found));
    };
    runKey(event, {
      ArrowLeft: () => goTo(from - stride),
      ArrowRight: () => goTo(from + stride),
      Home: () => goTo(0),
      End: () => goTo(last),
      Escape: () => this.pin(null),
    });
  }

  private print(given?: number): SvgImage {
    const width = given ?? Math.max(this.width, 560);
    // Images are not drawn in panels: their figure is that of the usage.
    return printCodebook(this.shown.title, this.part ?? usagePart, this.drawing(width, PRINT_LOOK));
  }
}
