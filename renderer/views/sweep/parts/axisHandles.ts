/** The axes of parallel coordinates in hand: their heads are dragged or moved by keys, and what is between two places brushed. */
import type { ParallelAxis } from '../../../../kernel/views/sweep/charts/parallel';
import { valueText } from '../../../../kernel/views/sweep/settings';
import { runKey } from '../../../accessibility';
import { h } from '../../../dom';
import type { Figure } from '../../../figure/figure';
import { counted } from '../../../numbers';
import type { Brush, SweepStore } from '../store';
import type { ParallelLayout } from './parallelDrawing';

/** Pixels about an axis in which a drag brushes it. */
const NEAR = 11;
/** Pixels below which a drag is none. */
const LEAST = 4;
/** Share of an axis that a key moves an end of a brush by. */
const STEP = 0.1;
const HEAD =
  'Left and right arrow keys move the axis. Up raises the lower end of what is brushed, Down lowers the upper end, with Shift ' +
  'they go the other way; Escape clears.';

export class AxisHandles {
  readonly element = h('div', { class: 'axis-heads' });
  private drag: { name: string; from: number } | undefined;
  private moved: { name: string; from: number; has: boolean } | undefined;

  constructor(
    private readonly figure: Figure,
    private readonly store: SweepStore,
    private readonly layout: () => ParallelLayout | undefined,
    private readonly refresh: () => void,
  ) {
    // The stage around it: brushing begins beside the lines too.
    this.element.addEventListener('pointerdown', (event) => this.begin(event));
    this.element.addEventListener('pointermove', (event) => this.move(event));
    this.element.addEventListener('pointerup', (event) => this.end(event));
    this.element.addEventListener('pointercancel', () => (this.drag = this.moved = undefined));
  }

  /** Whether an axis is being dragged: then no run is pointed at. */
  get isBusy(): boolean {
    return this.drag !== undefined || this.moved !== undefined;
  }

  render(): void {
    const layout = this.layout();
    if (!layout) return;
    const { store, element } = this;
    const focused = (element.getRootNode() as ShadowRoot).activeElement;
    const focusedName = focused instanceof HTMLElement && element.contains(focused) ? focused.dataset.axis : undefined;
    const gap = layout.box.width / Math.max(1, layout.lefts.length - 1);
    element.replaceChildren(
      ...store.parallelAxes.map(({ column: { name } }, i) => {
        const head = h(
          'button',
          { type: 'button', 'data-axis': name, title: `${name}: drag to move it. ${HEAD}` },
          name,
        );
        head.style.maxWidth = `${Math.max(44, gap - 8)}px`;
        head.style.left = `${layout.lefts[i]!}px`;
        head.dataset.at = i === 0 ? 'first' : i === layout.lefts.length - 1 ? 'last' : '';
        head.addEventListener('keydown', (event) => this.onKey(event, name));
        return head;
      }),
    );
    if (focusedName !== undefined) this.focus(focusedName);
  }

  private focus(name: string): void {
    for (const head of this.element.querySelectorAll<HTMLElement>('button'))
      if (head.dataset.axis === name) head.focus();
  }

  // --- the pointer ------------------------------------------------------------------------------------------------

  private begin(event: PointerEvent): void {
    const layout = this.layout();
    if (!layout || event.button !== 0) return;
    const [x, y] = this.placeOf(event);
    const head = (event.target as Element).closest<HTMLElement>('button');
    if (head) this.moved = { name: head.dataset.axis!, from: x, has: false };
    else {
      const i = layout.lefts.findIndex((left) => Math.abs(left - x) <= NEAR);
      const axis = this.store.parallelAxes[i];
      if (!axis) return;
      this.drag = { name: axis.column.name, from: y };
    }
    this.element.setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const layout = this.layout();
    if (!layout) return;
    const [x, y] = this.placeOf(event);
    if (!this.isBusy) {
      const isNear = layout.lefts.some((left) => Math.abs(left - x) <= NEAR);
      this.element.dataset.over = isNear && y > layout.box.top - 4 ? 'axis' : '';
    }
    if (this.drag && Math.abs(y - this.drag.from) >= LEAST) this.brush(this.drag.name, this.between(this.drag.from, y));
    if (this.moved && Math.abs(x - this.moved.from) >= LEAST) {
      this.moved.has = true;
      const place = nearestPlace(layout.lefts, x);
      this.moveTo(this.moved.name, place);
    }
  }

  private end(event: PointerEvent): void {
    const { drag } = this;
    this.drag = this.moved = undefined;
    if (!drag) return;
    const [, y] = this.placeOf(event);
    // A click on the axis lets go of what was brushed.
    if (Math.abs(y - drag.from) < LEAST && this.store.brushes.has(drag.name)) this.brush(drag.name, null);
  }

  private placeOf(event: PointerEvent): [number, number] {
    const { left, top } = this.element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  private between(a: number, b: number): Brush {
    const layout = this.layout()!;
    const share = (y: number) => Math.min(1, Math.max(0, 1 - (y - layout.box.top) / layout.box.height));
    const [low, high] = [share(a), share(b)].sort((one, other) => one - other) as [number, number];
    return [low, high];
  }

  // --- keys -------------------------------------------------------------------------------------------------------

  private onKey(event: KeyboardEvent, name: string): void {
    const { store } = this;
    const at = store.looks.axes.indexOf(name);
    const by = event.shiftKey ? -STEP : STEP;
    const change = (raise: number, lower: number) => {
      const [low, high] = store.brushes.get(name) ?? [0, 1];
      const next: Brush = [Math.max(0, Math.min(low + raise, high)), Math.min(1, Math.max(high - lower, low))];
      this.brush(name, next[0] <= 0 && next[1] >= 1 ? null : next);
      this.speak(name);
    };
    const moveBy = (step: number) => {
      this.moveTo(name, at + step);
      this.figure.announce(`${name} is axis ${store.looks.axes.indexOf(name) + 1} of ${store.looks.axes.length}`);
    };
    runKey(event, {
      ArrowLeft: () => moveBy(-1),
      ArrowRight: () => moveBy(1),
      ArrowUp: () => change(by, 0),
      ArrowDown: () => change(0, by),
      Escape: () => {
        this.brush(name, null);
        this.speak(name);
      },
    });
  }

  private speak(name: string): void {
    const { store } = this;
    const brush = store.brushes.get(name);
    const axis = store.parallelAxes.find(({ column }) => column.name === name)!;
    const what = brush ? `${name} ${brushText(axis, brush)}` : `all of ${name}`;
    this.figure.announce(`${what}: ${store.shown.length} of ${counted(store.data.count, 'run')}`);
  }

  private brush(name: string, brush: Brush | null): void {
    if (brush === null) this.store.brushes.delete(name);
    else this.store.brushes.set(name, brush);
    this.refresh();
  }

  private moveTo(name: string, place: number): void {
    const axes = this.store.looks.axes.filter((one) => one !== name);
    const at = Math.max(0, Math.min(axes.length, place));
    if (this.store.looks.axes[at] === name) return;
    axes.splice(at, 0, name);
    this.store.choose({ axes });
    this.refresh();
    this.focus(name);
  }
}

function nearestPlace(lefts: readonly number[], x: number): number {
  return lefts.reduce((nearest, left, i) => (Math.abs(left - x) < Math.abs(lefts[nearest]! - x) ? i : nearest), 0);
}

/** `2 to 8`, or the categories. */
export function brushText({ scale }: ParallelAxis, [low, high]: Brush): string {
  const unit = (share: number) => scale.low + share * (scale.high - scale.low);
  if (scale.kind === 'category') {
    const names = scale.categories.filter((_, i) => i >= unit(low) && i <= unit(high));
    return names.length === 0 ? 'none' : names.map(valueText).join(', ');
  }
  const value = (share: number) => (scale.kind === 'log' ? 10 ** unit(share) : unit(share));
  return `${valueText(Number(value(low).toPrecision(3)))} to ${valueText(Number(value(high).toPrecision(3)))}`;
}

/** Which columns have axes: a list that opens. */
export function axesMenu(store: SweepStore, refresh: () => void): { element: HTMLElement; show(): void } {
  const list = h('div', { class: 'menu' });
  const element = h('details', { class: 'axes-menu' }, h('summary', {}, 'Axes'), list);
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !element.open) return;
    event.stopPropagation();
    element.open = false;
    element.querySelector('summary')!.focus();
  });
  let shown = '';
  return {
    element,
    show() {
      const columns = store.data.columns.filter(({ values }) => values.some((value) => value !== null));
      const key = JSON.stringify([columns.map(({ name }) => name), store.looks.axes]);
      if (key === shown) return;
      shown = key;
      const focused = (list.getRootNode() as ShadowRoot).activeElement;
      const name = focused instanceof HTMLInputElement && list.contains(focused) ? focused.name : undefined;
      list.replaceChildren(
        ...columns.map((column) => {
          const isShown = store.looks.axes.includes(column.name);
          const box = h('input', { type: 'checkbox', name: column.name, checked: isShown });
          // Two axes at least: lines go from one to another.
          box.disabled = isShown && store.looks.axes.length <= 2;
          box.addEventListener('change', () => {
            const others = store.looks.axes.filter((one) => one !== column.name);
            store.choose({ axes: box.checked ? [...others, column.name] : others });
            if (!box.checked) store.brushes.delete(column.name);
            refresh();
          });
          return h('label', {}, box, column.name);
        }),
      );
      if (name !== undefined) [...list.querySelectorAll('input')].find((box) => box.name === name)?.focus();
    },
  };
}
