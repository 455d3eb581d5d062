/** What pointers and keys do on the plane, as events in pixels. */
import { runKey } from '../../../accessibility';

export interface PlaneEvents {
  /** Pressed here, or dragged to here: show what lies here. */
  onPick(at: [number, number], dragged: boolean): void;
  onPan(dx: number, dy: number): void;
  onZoom(factor: number, at: [number, number] | null): void;
  onFit(): void;
  /** Arrow keys, in units of a step: right and up are positive. */
  onStep(dx: number, dy: number): void;
  /** Next (1) or previous (−1) point. */
  onTraverse(by: 1 | -1): void;
}

/** Pixels that a pressed pointer may tremble before it is a drag. */
const TREMOR = 3;
const WHEEL_ZOOM = 0.0022;

/** @param isPanning whether a plain drag moves the plane instead of picking */
export function listen(element: HTMLElement, events: PlaneEvents, isPanning: () => boolean): void {
  let pressed: { pan: boolean; start: [number, number]; last: [number, number]; moved: boolean } | undefined;
  const place = (event: MouseEvent): [number, number] => {
    const frame = element.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button > 1) return;
    const at = place(event);
    pressed = { pan: event.button === 1 || event.shiftKey || isPanning(), start: at, last: at, moved: false };
    element.setPointerCapture(event.pointerId);
    if (!pressed.pan) events.onPick(at, false);
  });
  element.addEventListener('pointermove', (event) => {
    const at = place(event);
    if (pressed === undefined) return;
    pressed.moved ||= Math.hypot(at[0] - pressed.start[0], at[1] - pressed.start[1]) > TREMOR;
    if (!pressed.moved) return;
    if (pressed.pan) events.onPan(at[0] - pressed.last[0], at[1] - pressed.last[1]);
    else events.onPick(at, true);
    pressed.last = at;
  });
  for (const type of ['pointerup', 'pointercancel'] as const) {
    element.addEventListener(type, () => (pressed = undefined));
  }
  // The wheel alone scrolls the notebook; with Ctrl (as a pinch sends it) or ⌘ it zooms.
  element.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      events.onZoom(Math.exp(-event.deltaY * WHEEL_ZOOM), place(event));
    },
    { passive: false },
  );
  element.addEventListener('keydown', (event) => {
    const step = event.shiftKey ? 5 : 1;
    runKey(event, {
      ArrowLeft: () => events.onStep(-step, 0),
      ArrowRight: () => events.onStep(step, 0),
      ArrowUp: () => events.onStep(0, step),
      ArrowDown: () => events.onStep(0, -step),
      n: () => events.onTraverse(1),
      p: () => events.onTraverse(-1),
      '+': () => events.onZoom(1.25, null),
      '=': () => events.onZoom(1.25, null),
      '-': () => events.onZoom(0.8, null),
      '0': () => events.onFit(),
    });
  });
}
