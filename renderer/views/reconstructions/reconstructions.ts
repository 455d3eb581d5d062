import type { ReconstructionsView } from '../../../kernel/views/types';
import { runKey } from '../../accessibility';
import { adoptStyles, h, setAttributes, setText } from '../../dom';
import { button, Select, Toggle } from '../../figure/controls';
import type { SvgImage } from '../../figure/save';
import { Stage } from '../../figure/stage';
import { Hover } from '../../hover';
import { LinkedView } from '../../linkedRows';
import type { Place } from '../../hover';
import { withRows } from '../../figure/tableData';
import { measureIn } from '../../figure/text';
import { count, counted } from '../../numbers';
import { PRINT_THEME } from '../../theme';
import type { Drawn, ViewContext } from '../../view';
import { Enlarged } from './enlarged';
import { captionOf, describeSample, notesOf, orderSamples, readReconstructions } from './model';
import type { Reconstructions } from './model';
import { linkedFrame, paintScene, printScene, selectionFrame } from './paint';
import styles from './reconstructions.css';
import { buildScene, samplesPerPage } from './scene';
import type { Scene } from './scene';
import { SoundButtons } from './soundButtons';
import { reconstructionsTable } from './tables';
import type { TileCache } from './tiles';

const LABEL =
  'Samples. Arrow keys move from sample to sample, Home and End to the ends, ' +
  'Enter enlarges one, Escape leaves the selection.';
const PRINT_WIDTH = 900;

export class ReconstructionsFigure implements Drawn<ReconstructionsView> {
  private readonly stage = new Stage();
  private readonly hover = new Hover(this.stage.element, (at) => this.pointAt(at && this.sampleUnder(at)));
  private readonly reading = h('span');
  private readonly position = h('span');
  private readonly pager: HTMLElement;
  private readonly back: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private readonly sort: Toggle;
  private readonly sortBy: Select;
  private readonly differences: Toggle;
  private readonly enlarge: Toggle;
  private readonly enlarged: Enlarged;
  private readonly sound: SoundButtons;
  private data: Reconstructions;
  private cache: TileCache = new Map();
  private scene: Scene | undefined;
  private width = 0;
  /** First place on the page, in the present order. */
  private first = 0;
  private sortMethod: number;
  private selected: number | null = null;
  private hovered: number | null = null;
  /** Rows that are selected in another view of the same data, and the one that is pointed at there. */
  private linked: ReadonlySet<number> | null = null;
  private pointed: number | null = null;
  private readonly link = new LinkedView({
    onSelected: (rows) => {
      this.linked = rows;
      this.renderSelection();
    },
    onPointed: (row) => {
      this.pointed = row !== null && row < this.data.count ? row : null;
      this.renderSelection();
    },
  });

  constructor(
    private readonly context: ViewContext,
    private shown: ReconstructionsView,
  ) {
    const { figure, settings } = context;
    this.data = readReconstructions(shown);
    adoptStyles(figure.root, styles);
    this.sortMethod = settings.number('sortMethod', 0);
    this.sort = new Toggle('Sort by error', 'Largest error first', settings.boolean('sort', false), (pressed) => {
      settings.set('sort', pressed);
      this.reorder();
    });
    this.sortBy = new Select('of', (index) => {
      settings.set('sortMethod', (this.sortMethod = index));
      this.reorder();
    });
    this.differences = new Toggle(
      'Differences',
      'Rows of output − input, one colour scale for all',
      settings.boolean('differences', true),
      (pressed) => {
        settings.set('differences', pressed);
        this.render();
      },
    );
    this.enlarge = new Toggle('Enlarge', 'One sample, large (Enter)', false, (pressed) => this.setEnlarged(pressed));
    this.enlarged = new Enlarged({
      data: () => this.data,
      theme: () => figure.theme,
      cache: () => this.cache,
      step: (by) => this.select(this.place + by),
      close: () => this.setEnlarged(false),
      announce: (text) => figure.announce(text),
    });
    this.sound = new SoundButtons((problem) => figure.setProblem(problem));
    const { sort, sortBy, differences, enlarge } = this;
    figure.controls.append(sort.element, sortBy.element, differences.element, enlarge.element);
    this.back = button('‹', { label: 'Previous samples' }, () => this.turn(-1));
    this.next = button('›', { label: 'Next samples' }, () => this.turn(1));
    this.pager = h('div', { class: 'pager' }, this.back, this.position, this.next);
    setAttributes(this.stage.element, {
      class: 'stage interactive',
      tabindex: 0,
      role: 'application',
      'aria-label': LABEL,
    });
    const status = h('div', { class: 'status' }, this.pager, this.sound.element, this.reading);
    figure.body.append(this.stage.element, status, this.enlarged.element);
    this.listen();
    figure.setDrawing((width) => this.print(width));
    this.show(shown);
    figure.onTheme(() => this.render());
    figure.onResize((width) => {
      this.width = width;
      this.render();
    });
  }

  update(view: ReconstructionsView): void {
    this.data = readReconstructions(view);
    this.cache = new Map();
    if (this.selected !== null && this.selected >= this.data.count) this.selected = null;
    this.show(view);
    this.render();
  }

  dispose(): void {
    this.link.dispose();
    this.sound.dispose();
    this.enlarged.dispose();
    this.cache.clear();
  }

  private show(view: ReconstructionsView): void {
    this.shown = view;
    const { figure } = this.context;
    const caption = captionOf(this.data);
    const notes = notesOf(view, this.data);
    figure.setText({ title: view.title, summary: view.summary, notes, ...(caption !== undefined && { caption }) });
    const data = view.inputs === null ? undefined : view.data;
    const width = this.data.shape.kind === 'vector' ? this.data.shape.features.length : 1;
    figure.setTable(withRows(reconstructionsTable(this.data), data, (i) => Math.floor(i / width)));
    this.link.follow(data);
    const compared = this.data.inputs !== null;
    this.sort.element.hidden = !compared;
    this.sortBy.element.hidden = !compared || this.data.methods.length < 2;
    this.differences.element.hidden = !compared;
    this.sortMethod = Math.min(this.sortMethod, Math.max(0, this.data.methods.length - 1));
    this.sortBy.show(
      this.data.methods.map(({ name }) => name),
      this.sortMethod,
    );
  }

  /** Place of the selected sample in the present order; −1 without one. */
  private get place(): number {
    return this.selected === null ? -1 : this.order.indexOf(this.selected);
  }

  private setEnlarged(open: boolean): void {
    this.enlarge.pressed = open;
    if (!open) {
      const hadFocus = this.enlarged.element.contains(this.context.figure.root.activeElement);
      this.enlarged.hide();
      if (hadFocus) this.stage.element.focus();
      return;
    }
    if (this.selected === null) this.select(this.first);
    if (this.selected !== null) this.enlarged.show(this.selected);
  }

  private get order(): number[] {
    return orderSamples(this.data, this.sort.pressed ? this.sortMethod : null);
  }

  private get perPage(): number {
    return samplesPerPage(this.data, this.width, this.differences.pressed);
  }

  private render(): void {
    if (this.width === 0) return;
    const { order, perPage, data } = this;
    this.first = Math.max(0, Math.min(this.first, order.length - perPage));
    const page = order.slice(this.first, this.first + perPage);
    const { theme } = this.context.figure;
    const look = { differences: this.differences.pressed, order: page };
    this.scene = buildScene(data, look, this.width, measureIn(theme.fontFamily));
    paintScene(this.stage, this.scene, data, theme, this.cache);
    this.pager.hidden = perPage >= order.length;
    this.back.disabled = this.first === 0;
    this.next.disabled = this.first + perPage >= order.length;
    setText(this.position, this.positionText(page.length, order.length));
    this.frames = [];
    this.hover.again();
    this.renderSelection();
    this.enlarged.render();
  }

  /** `rows 0 to 9 of 40`; in the order of errors `ranks 1 to 10 of 40`. */
  private positionText(shown: number, of: number): string {
    const begin = this.sort.pressed ? 1 : 0;
    const what = this.sort.pressed ? 'ranks' : this.data.inputs === null ? 'draws' : 'rows';
    return `${what} ${count(this.first + begin)} to ${count(this.first + begin + shown - 1)} of ${count(of)}`;
  }

  private frames: SVGElement[] = [];

  private renderSelection(): void {
    for (const frame of this.frames) frame.remove();
    const { theme } = this.context.figure;
    const own = this.hovered ?? this.selected;
    const sample = this.hovered ?? this.pointed ?? this.selected;
    this.frames = (this.scene?.columns ?? []).flatMap((column) => [
      ...(this.linked?.has(column.sample) ? [linkedFrame(column, theme)] : []),
      ...(column.sample === sample ? [selectionFrame(column, theme)] : []),
    ]);
    this.stage.over.append(...this.frames);
    this.link.point(own);
    setText(this.reading, sample === null ? this.linkedText() : describeSample(this.data, sample));
    this.sound.show(this.data, this.selected ?? this.order[this.first] ?? 0);
  }

  /** `3 of 10 samples are selected in another view` */
  private linkedText(): string {
    const { linked, data } = this;
    if (linked === null) return '';
    const here = Array.from({ length: data.count }, (_, i) => i).filter((i) => linked.has(i)).length;
    return `${count(here)} of ${counted(data.count, 'sample')} ${here === 1 ? 'is' : 'are'} selected in another view`;
  }

  private reorder(): void {
    this.first = 0;
    this.render();
  }

  private turn(by: number): void {
    this.first += by * this.perPage;
    this.render();
  }

  private sampleUnder([x, y]: Place): number | null {
    const inside = (at: number, from: number, size: number) => at >= from && at <= from + size;
    const hit = this.scene?.columns.find((one) => inside(x, one.x, one.width) && inside(y, one.y, one.height));
    return hit?.sample ?? null;
  }

  private pointAt(sample: number | null): void {
    if (sample === this.hovered) return;
    this.hovered = sample;
    this.renderSelection();
  }

  private listen(): void {
    const { element } = this.stage;
    element.addEventListener('click', (event) => {
      const frame = element.getBoundingClientRect();
      this.selected = this.sampleUnder([event.clientX - frame.left, event.clientY - frame.top]);
      this.renderSelection();
      if (this.enlarged.open && this.selected !== null) this.enlarged.show(this.selected);
    });
    element.addEventListener('dblclick', () => this.setEnlarged(this.selected !== null));
    element.addEventListener('keydown', (event) => this.onKey(event));
  }

  private onKey(event: KeyboardEvent): void {
    const { order, place } = this;
    const enlarge = () => {
      this.setEnlarged(true);
      this.enlarged.focus();
    };
    runKey(event, {
      ArrowLeft: () => this.select(place - 1),
      ArrowUp: () => this.select(place - 1),
      ArrowRight: () => this.select(place + 1),
      ArrowDown: () => this.select(place + 1),
      Home: () => this.select(0),
      End: () => this.select(order.length - 1),
      Enter: enlarge,
      Escape: () => {
        this.selected = null;
        this.renderSelection();
      },
    });
  }

  /** Selects by place in the present order and turns to its page. */
  private select(place: number): void {
    const { order, perPage } = this;
    const at = Math.max(0, Math.min(order.length - 1, place));
    this.hover.forget();
    this.hovered = null;
    this.selected = order[at] ?? null;
    if (at < this.first || at >= this.first + perPage) this.first = Math.floor(at / perPage) * perPage;
    this.render();
    if (this.selected === null) return;
    if (this.enlarged.open) this.enlarged.show(this.selected);
    else this.context.figure.announce(describeSample(this.data, this.selected));
  }

  private print(width = Math.max(PRINT_WIDTH, this.width)): SvgImage {
    const look = { differences: this.differences.pressed, order: this.order };
    const perPage = samplesPerPage(this.data, width, look.differences);
    const start = Math.max(0, Math.min(this.first, look.order.length - perPage));
    const page = { ...look, order: look.order.slice(start, start + perPage) };
    const scene = buildScene(this.data, page, width, measureIn(PRINT_THEME.fontFamily));
    return printScene(this.shown.title, scene, this.data);
  }
}
