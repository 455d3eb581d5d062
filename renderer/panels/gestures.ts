/** What a pointer does on panels: it selects a part to be shown alone, moves an axis by its numbers, shows all again. */
import { setAttributes, svg } from '../dom';
import type { Place } from '../hover';
import type { Panel } from './panel';

export interface PanelEvents {
  /** A part of a panel was selected, in pixels; without an end, all of that axis stays. */
  onSelect(panel: number, across: [number, number] | null, up: [number, number] | null): void;
  /** An axis is moved by so many pixels from where it was when the drag began. */
  onMove(panel: number, axis: 'x' | 'y', by: number, isFirst: boolean): void;
  onAll(): void;
  /**
   * The wheel was turned with Ctrl or ⌘ (also: two fingers spread) for x, with Alt for y; alone it scrolls the page.
   *
   * @param factor of what is shown
   * @param share where the pointer is: of the width from the left, of the height from the top
   */
  onWheel(panel: number, axis: 'x' | 'y', factor: number, share: number): void;
}

/** Pixels of the wheel that double what is shown. */
const WHEEL = 240;
/** Pixels of a line and of a page, for wheels that count in those. */
const WHEEL_UNITS = [1, 16, 400];

/** Pixels that a drag must have before it selects anything, … */
const LEAST = 8;
/** … and across the other axis before it selects a part of that too. */
const LEAST_BOTH = 20;
/** Room of an axis's numbers. */
const NUMBERS = 34;

type Part = { panel: number; of: 'curves' | 'x' | 'y' };

/** @returns the mark of what is being selected, to stand above the curves */
export function listen(stage: HTMLElement, panels: () => readonly Panel[], events: PanelEvents): SVGElement {
  const mark = svg('rect', { class: 'selection', visibility: 'hidden' });
  let drag: { part: Part; start: Place; hasMoved: boolean } | undefined;
  const place = (event: MouseEvent): Place => {
    const frame = stage.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  const end = () => {
    drag = undefined;
    mark.setAttribute('visibility', 'hidden');
  };
  stage.addEventListener('pointerdown', (event) => {
    const part = event.button === 0 ? partAt(place(event), panels()) : undefined;
    if (part === undefined) return;
    drag = { part, start: place(event), hasMoved: false };
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener('pointermove', (event) => {
    const at = place(event);
    if (drag === undefined) {
      stage.dataset.over = partAt(at, panels())?.of ?? '';
      return;
    }
    const { part, start } = drag;
    if (part.of === 'curves') return show(mark, panels()[part.panel], start, at);
    const by = part.of === 'x' ? at[0] - start[0] : at[1] - start[1];
    if (!drag.hasMoved && Math.abs(by) < 3) return;
    events.onMove(part.panel, part.of, by, !drag.hasMoved);
    drag.hasMoved = true;
  });
  stage.addEventListener('pointerup', (event) => {
    const ended = drag;
    end();
    if (ended?.part.of !== 'curves') return;
    const panel = panels()[ended.part.panel];
    const chosen = panel && selection(panel, ended.start, place(event));
    if (chosen) events.onSelect(ended.part.panel, chosen.across, chosen.up);
  });
  stage.addEventListener(
    'wheel',
    (event) => {
      const axis = event.altKey ? 'y' : event.ctrlKey || event.metaKey ? 'x' : undefined;
      const at = place(event);
      const part = axis && partAt(at, panels());
      if (!axis || !part) return;
      event.preventDefault();
      event.stopPropagation();
      const { left, top, width, height } = panels()[part.panel]!.box;
      const share = axis === 'x' ? (at[0] - left) / width : (at[1] - top) / height;
      const turned = event.deltaY * (WHEEL_UNITS[event.deltaMode] ?? 1);
      events.onWheel(part.panel, axis, 2 ** (turned / WHEEL), Math.min(1, Math.max(0, share)));
    },
    { passive: false },
  );
  stage.addEventListener('pointercancel', end);
  stage.addEventListener('dblclick', () => events.onAll());
  return mark;
}

function partAt([x, y]: Place, panels: readonly Panel[]): Part | undefined {
  for (const [panel, { box, hasLabels }] of panels.entries()) {
    const isAcross = x >= box.left && x <= box.left + box.width;
    const isUp = y >= box.top && y <= box.top + box.height;
    const below = y - box.top - box.height;
    if (isAcross && isUp) return { panel, of: 'curves' };
    if (isAcross && below > 0 && below <= (hasLabels ? NUMBERS : TICKS)) return { panel, of: 'x' };
    if (isUp && x < box.left && box.left - x <= 2 * NUMBERS) return { panel, of: 'y' };
  }
  return undefined;
}

const TICKS = 8;

/** A drag that is mostly along one axis means that axis alone. */
function selection({ box }: Panel, start: Place, at: Place) {
  const inside = (value: number, low: number, size: number) => Math.min(low + size, Math.max(low, value));
  const [x0, x1] = [start[0], inside(at[0], box.left, box.width)].sort((a, b) => a - b) as [number, number];
  const [y0, y1] = [start[1], inside(at[1], box.top, box.height)].sort((a, b) => a - b) as [number, number];
  const [dx, dy] = [x1 - x0, y1 - y0];
  const isAcross = dy < Math.min(Math.max(dx * 0.6, LEAST), LEAST_BOTH);
  const isUp = !isAcross && dx < Math.min(dy * 0.6, LEAST_BOTH);
  if (isAcross && dx < LEAST) return undefined;
  return { across: isUp ? null : ([x0, x1] as [number, number]), up: isAcross ? null : ([y0, y1] as [number, number]) };
}

function show(mark: SVGElement, panel: Panel | undefined, start: Place, at: Place): void {
  const chosen = panel && selection(panel, start, at);
  mark.setAttribute('visibility', chosen ? 'visible' : 'hidden');
  if (!panel || !chosen) return;
  const { left, top, width, height } = panel.box;
  const [x0, x1] = chosen.across ?? [left, left + width];
  const [y0, y1] = chosen.up ?? [top, top + height];
  setAttributes(mark, { x: x0, y: y0, width: x1 - x0, height: y1 - y0 });
}
