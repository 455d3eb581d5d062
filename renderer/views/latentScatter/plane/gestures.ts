/** What pointers and keys do on the plane, as events in pixels. */
import { runKey } from '../../../accessibility';
import type { Pixel } from './planeView';

/** What a plain drag does. */
export type Tool = 'decode' | 'lasso' | 'rectangle' | 'pan' | 'turn';

/** What a shape that is drawn makes of the selection. */
export type ShapeMode = 'replace' | 'add' | 'subtract';

export interface PlaneEvents {
  /**
   * Pressed here, or dragged to here: show what lies here.
   *
   * @param second with Shift: where a way ends that began at the place before
   */
  onPick(at: Pixel, how: { dragged: boolean; second: boolean }): void;
  onPan(dx: number, dy: number): void;
  /** Turns three dimensions, in pixels that a hand moves them. */
  onTurn(dx: number, dy: number): void;
  /** @param factor along each axis */
  onZoom(factor: { x: number; y: number }, at: Pixel | null): void;
  onFit(): void;
  /** Arrow keys, in units of a step: right and up are positive. */
  onStep(dx: number, dy: number): void;
  /** To the nearest point that way; right and up are positive. */
  onNeighbour(dx: number, dy: number): void;
  /** Next (1) or previous (−1) point. */
  onTraverse(by: 1 | -1): void;
  /** A shape is being drawn; two corners of a rectangle. */
  onShape(corners: Pixel[]): void;
  onShapeEnd(corners: Pixel[], mode: ShapeMode): void;
  /** A corner of a shape, by the keyboard. */
  onCorner(): void;
  onCornerBack(): void;
  /** Away with what is being drawn, else with what is selected. */
  onEscape(): void;
  onTool(tool: Tool): void;
  /** An end of a way, by the keyboard: the first, then the second. */
  onWay(): void;
  /** Says how many points of each class are in view and selected. */
  onCount(): void;
}

/** Pixels that a pressed pointer may tremble before it is a drag. */
const TREMOR = 3;
/** Pixels between the corners of a shape that is drawn by hand. */
const GRAIN = 3;
const WHEEL_ZOOM = 0.0022;
const KEY_ZOOM = 1.25;
/** Pixels that a key pans. */
const KEY_PAN = 40;
/** Pixels that a key turns by, as a hand would. */
const KEY_TURN = 20;

interface Press {
  does: 'pick' | 'pan' | 'shape' | 'turn';
  start: Pixel;
  last: Pixel;
  moved: boolean;
  /** Where Shift was held: a click is the end of a way, a drag pans. */
  second: boolean;
  corners: Pixel[];
}

export function listen(element: HTMLElement, events: PlaneEvents, tool: () => Tool): void {
  let pressed: Press | undefined;
  const place = (event: MouseEvent): Pixel => {
    const frame = element.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button > 1) return;
    const at = place(event);
    const [now, shift] = [tool(), event.shiftKey];
    const draws = event.button === 0 && (now === 'lasso' || now === 'rectangle');
    const pans = event.button === 1 || shift || now === 'pan';
    const does = draws ? 'shape' : pans ? 'pan' : now === 'turn' ? 'turn' : 'pick';
    const second = does === 'pan' && shift && event.button === 0 && (now === 'decode' || now === 'turn');
    pressed = { does, start: at, last: at, moved: false, second, corners: [at] };
    element.setPointerCapture(event.pointerId);
    if (does === 'pick') events.onPick(at, { dragged: false, second: false });
  });
  element.addEventListener('pointermove', (event) => {
    if (pressed === undefined) return;
    const at = place(event);
    pressed.moved ||= distance(at, pressed.start) > TREMOR;
    if (!pressed.moved) return;
    if (pressed.does === 'pan') events.onPan(at[0] - pressed.last[0], at[1] - pressed.last[1]);
    else if (pressed.does === 'turn') events.onTurn(at[0] - pressed.last[0], at[1] - pressed.last[1]);
    else if (pressed.does === 'pick') events.onPick(at, { dragged: true, second: false });
    else draw(pressed, event);
    pressed.last = at;
  });
  /** A fast hand leaves several places between two frames. */
  const draw = (press: Press, event: PointerEvent) => {
    if (tool() === 'rectangle') press.corners = [press.start, place(event)];
    else {
      const all = event.getCoalescedEvents();
      for (const at of (all.length > 0 ? all : [event]).map(place)) {
        if (distance(at, press.corners.at(-1)!) >= GRAIN) press.corners.push(at);
      }
    }
    events.onShape(press.corners);
  };
  element.addEventListener('pointerup', (event) => {
    const press = pressed;
    pressed = undefined;
    if (press?.does === 'shape') {
      const mode = event.altKey ? 'subtract' : event.shiftKey ? 'add' : 'replace';
      if (press.moved) events.onShapeEnd(press.corners, mode);
      else events.onEscape();
    } else if (press?.does === 'turn' && !press.moved) events.onPick(press.start, { dragged: false, second: false });
    else if (press?.second && !press.moved) events.onPick(press.start, { dragged: false, second: true });
  });
  element.addEventListener('pointercancel', () => {
    if (pressed?.does === 'shape') events.onShape([]);
    pressed = undefined;
  });
  // The wheel alone scrolls the notebook; with Ctrl (as a pinch sends it) or ⌘ it zooms.
  element.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const factor = Math.exp(-event.deltaY * WHEEL_ZOOM);
      events.onZoom({ x: factor, y: factor }, place(event));
    },
    { passive: false },
  );
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && pressed?.does === 'shape') pressed = undefined;
    runPlaneKey(event, events);
  });
}

function runPlaneKey(event: KeyboardEvent, events: PlaneEvents): void {
  const step = event.shiftKey ? 5 : 1;
  const zoom = (x: number, y: number) => () => events.onZoom({ x, y }, null);
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    events.onNeighbour(way[0]!, way[1]!);
    return;
  }
  runKey(event, {
    ArrowLeft: () => events.onStep(-step, 0),
    ArrowRight: () => events.onStep(step, 0),
    ArrowUp: () => events.onStep(0, step),
    ArrowDown: () => events.onStep(0, -step),
    n: () => events.onTraverse(1),
    p: () => events.onTraverse(-1),
    '+': zoom(KEY_ZOOM, KEY_ZOOM),
    '=': zoom(KEY_ZOOM, KEY_ZOOM),
    '-': zoom(1 / KEY_ZOOM, 1 / KEY_ZOOM),
    x: zoom(KEY_ZOOM, 1),
    X: zoom(1 / KEY_ZOOM, 1),
    y: zoom(1, KEY_ZOOM),
    Y: zoom(1, 1 / KEY_ZOOM),
    w: () => events.onPan(0, KEY_PAN),
    a: () => events.onPan(KEY_PAN, 0),
    s: () => events.onPan(0, -KEY_PAN),
    d: () => events.onPan(-KEY_PAN, 0),
    q: () => events.onTurn(-KEY_TURN, 0),
    e: () => events.onTurn(KEY_TURN, 0),
    Q: () => events.onTurn(0, -KEY_TURN),
    E: () => events.onTurn(0, KEY_TURN),
    '0': () => events.onFit(),
    l: () => events.onTool('lasso'),
    r: () => events.onTool('rectangle'),
    Enter: () => events.onCorner(),
    ' ': () => events.onCorner(),
    Backspace: () => events.onCornerBack(),
    Escape: () => events.onEscape(),
    i: () => events.onWay(),
    c: () => events.onCount(),
  });
}

const distance = (a: Pixel, b: Pixel) => Math.hypot(a[0] - b[0], a[1] - b[1]);
