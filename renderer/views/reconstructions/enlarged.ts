/** One sample, large: input beside output and difference, or the two in turn at one place. */
import { sampleName } from '../../../kernel/views/wording';
import { runKey } from '../../accessibility';
import { h, setText } from '../../dom';
import { button, Select, Toggle } from '../../figure/controls';
import { TablePanel } from '../../figure/table';
import { quantity } from '../../numbers';
import type { Theme } from '../../theme';
import { describeSample } from './model';
import type { Reconstructions } from './model';
import { Picture } from './picture';
import { differenceBy, PATCHES } from './patches';
import { pixelReading } from './pixelReading';
import { featureTable } from './tables';
import { hasPixels, tileCanvas } from './tiles';
import type { TileCache } from './tiles';

export interface EnlargedContext {
  data(): Reconstructions;
  theme(): Theme;
  cache(): TileCache;
  /** To another sample of the present order. */
  step(by: number): void;
  close(): void;
  announce(text: string): void;
}

const HELP =
  'Enlarged sample. Arrow keys move from pixel to pixel, B alternates input and output, space switches between them, ' +
  'plus and minus zoom, Page Up and Page Down go to other samples, Escape closes.';
/** Milliseconds that one of the two is shown: long enough to see it, short enough to compare. */
const TURN = 700;
const MOST_ZOOM = 32;
/** Pixels of the frame on both sides, between two pictures, and of a picture that is small. */
const [PADDING, BETWEEN, SMALL] = [26, 14, 110];

type Kind = 'input' | 'output' | 'difference';

export class Enlarged {
  private readonly heading = h('span', { class: 'heading' });
  private readonly method: Select;
  private readonly patches: Select;
  private readonly blink: Toggle;
  private readonly pictures: Record<Kind, Picture>;
  private readonly table: TablePanel;
  private readonly reading = h('div', { class: 'pixel' });
  private readonly stage: HTMLElement;
  private readonly imageTools: HTMLElement;
  readonly element: HTMLElement;
  private sample: number | null = null;
  private methodIndex = 0;
  private patch = 0;
  /** The reader's choice; null: as large as there is room for. */
  private zoom: number | null = null;
  private fitting = 1;
  private at: [number, number] | null = null;
  private showsOutput = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly context: EnlargedContext) {
    const pointAt = (at: [number, number] | null) => this.point(at);
    this.pictures = {
      input: new Picture('input', pointAt),
      output: new Picture('output', pointAt),
      difference: new Picture('difference', pointAt),
    };
    this.method = new Select('Output of', (index) => {
      this.methodIndex = index;
      this.render();
    });
    this.patches = new Select('Difference by', (index) => {
      this.patch = index;
      this.render();
    });
    this.blink = new Toggle('Blink', 'Alternate input and output in the same place (B)', false, () =>
      this.setBlinking(),
    );
    const zoom = (text: string, label: string, factor: number) =>
      button(text, { label, title: label }, () => this.zoomBy(factor));
    this.imageTools = h(
      'span',
      { class: 'tools' },
      this.blink.element,
      this.patches.element,
      zoom('−', 'Smaller', -1),
      zoom('+', 'Larger', 1),
    );
    this.table = new TablePanel(true, (text) => context.announce(text));
    this.stage = h('div', { class: 'pictures', tabindex: 0, role: 'application', 'aria-label': HELP });
    for (const { element } of Object.values(this.pictures)) this.stage.append(element);
    this.stage.addEventListener('keydown', (event) => this.onKey(event));
    const step = (text: string, label: string, by: number) =>
      button(text, { label, title: label }, () => context.step(by));
    const bar = h(
      'div',
      { class: 'bar' },
      step('‹', 'Previous sample', -1),
      step('›', 'Next sample', 1),
      this.heading,
      this.method.element,
      this.imageTools,
      button('Close', { title: 'Close the enlarged sample (Escape)' }, () => context.close()),
    );
    this.element = h(
      'section',
      { class: 'enlarged', 'aria-label': 'Enlarged sample', hidden: true },
      bar,
      this.stage,
      this.reading,
    );
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(sample: number): void {
    const isOther = sample !== this.sample;
    this.sample = sample;
    this.element.hidden = false;
    if (isOther) this.context.announce(describeSample(this.context.data(), sample));
    this.render();
  }

  hide(): void {
    this.element.hidden = true;
    this.blink.pressed = false;
    this.setBlinking();
  }

  focus(): void {
    this.stage.focus();
  }

  dispose(): void {
    clearInterval(this.timer);
  }

  render(): void {
    const { sample } = this;
    if (sample === null || !this.open) return;
    const data = this.context.data();
    if (sample >= data.count) return this.context.close();
    this.methodIndex = Math.min(this.methodIndex, data.methods.length - 1);
    const names = data.methods.map(({ name }) => name);
    this.method.element.hidden = names.length < 2;
    this.method.show(names, this.methodIndex);
    setText(this.heading, headingOf(data, sample));
    const pixels = hasPixels(data);
    this.stage.hidden = this.reading.hidden = !pixels;
    this.imageTools.hidden = !pixels;
    this.blink.element.hidden = data.inputs === null;
    this.patches.element.hidden = data.inputs === null || data.shape.kind !== 'image';
    this.patches.show(
      PATCHES.map(({ name }) => name),
      this.patch,
    );
    if (data.shape.kind === 'vector') this.showTable(data, sample);
    else this.table.element.remove();
    if (pixels) this.renderPictures(data, sample);
  }

  private showTable(data: Reconstructions, sample: number): void {
    if (this.table.element.parentElement === null) this.element.append(this.table.element);
    this.table.open = true;
    this.table.show('Values of the sample', featureTable(data, [sample]));
  }

  private renderPictures(data: Reconstructions, sample: number): void {
    const theme = this.context.theme();
    const name = outputName(data, sample, this.methodIndex);
    const kinds = this.kindsShown(data);
    const zoom = this.zoomOf(data, kinds.length);
    for (const kind of ['input', 'output', 'difference'] as const) {
      const picture = this.pictures[kind];
      picture.element.hidden = !kinds.includes(kind);
      if (picture.element.hidden) continue;
      const tile = { kind, method: kind === 'input' ? -1 : this.methodIndex, sample };
      const canvas =
        kind === 'difference' && this.patch > 0
          ? differenceBy(PATCHES[this.patch]!.size, data, tile, theme)
          : tileCanvas(tile, data, theme, this.context.cache());
      picture.draw(canvas, zoom, { input: 'Input', output: name, difference: 'Difference' }[kind], this.at, theme);
    }
    setText(this.reading, pixelReading(data, sample, this.methodIndex, this.at));
  }

  private kindsShown({ inputs }: Reconstructions): Kind[] {
    if (inputs === null) return ['output'];
    if (this.blink.pressed) return [this.showsOutput ? 'output' : 'input', 'difference'];
    return ['input', 'output', 'difference'];
  }

  /** Screen pixels for one of the sample's: whole, so that all are squares of one size. */
  private zoomOf(data: Reconstructions, beside: number): number {
    const [width, height] = sizeOf(data, this.context);
    const whole = (this.element.getBoundingClientRect().width || 600) - PADDING;
    const most = Math.min(Math.floor(360 / height), MOST_ZOOM);
    const inRow = (count: number) => Math.floor((whole / count - BETWEEN) / width);
    // Where they would be tiny beside each other, they stand two in a row.
    const room = inRow(beside) * Math.max(width, height) < SMALL && beside > 2 ? inRow(2) : inRow(beside);
    const fitting = Math.max(1, Math.min(room, most));
    this.fitting = fitting;
    return this.zoom ?? fitting;
  }

  private zoomBy(by: number): void {
    this.zoom = Math.max(1, Math.min(MOST_ZOOM, (this.zoom ?? this.fitting) + by));
    this.render();
    this.context.announce(`${this.zoom} screen pixels for each`);
  }

  private setBlinking(): void {
    clearInterval(this.timer);
    this.showsOutput = false;
    // Those who want no motion turn the picture themselves, by the space bar.
    if (this.blink.pressed && !this.context.theme().reducedMotion) this.timer = setInterval(() => this.flip(), TURN);
    this.render();
  }

  private flip(): void {
    this.showsOutput = !this.showsOutput;
    this.render();
  }

  private point(at: [number, number] | null): void {
    this.at = at;
    this.render();
  }

  private move(dx: number, dy: number): void {
    const [width, height] = sizeOf(this.context.data(), this.context);
    const [x, y] = this.at ?? [dx > 0 ? -1 : 0, dy > 0 ? -1 : 0];
    const within = (value: number, size: number) => Math.max(0, Math.min(size - 1, value));
    this.point([within(x + dx, width), within(y + dy, height)]);
    this.context.announce(this.reading.textContent ?? '');
  }

  private onKey(event: KeyboardEvent): void {
    const turn = () => {
      if (this.blink.pressed) this.flip();
    };
    const blink = () => {
      this.blink.pressed = !this.blink.pressed;
      this.setBlinking();
    };
    runKey(event, {
      ArrowLeft: () => this.move(-1, 0),
      ArrowRight: () => this.move(1, 0),
      ArrowUp: () => this.move(0, -1),
      ArrowDown: () => this.move(0, 1),
      PageUp: () => this.context.step(-1),
      PageDown: () => this.context.step(1),
      b: blink,
      B: blink,
      ' ': turn,
      '+': () => this.zoomBy(1),
      '=': () => this.zoomBy(1),
      '-': () => this.zoomBy(-1),
      Escape: () => this.context.close(),
    });
  }
}

function headingOf({ inputs, labels }: Reconstructions, sample: number): string {
  const label = labels[sample];
  return [sampleName(inputs === null, sample), ...(label === undefined ? [] : [label])].join(' · ');
}

function outputName({ methods }: Reconstructions, sample: number, method: number): string {
  const { name = 'output', errors = [] } = methods[method] ?? {};
  return errors[sample] === undefined ? name : `${name} · squared error ${quantity(errors[sample])}`;
}

function sizeOf(data: Reconstructions, { theme, cache }: EnlargedContext): [width: number, height: number] {
  if (data.shape.kind === 'image') return [data.shape.width, data.shape.height];
  const { width, height } = tileCanvas({ kind: 'output', method: 0, sample: 0 }, data, theme(), cache());
  return [width, height];
}
