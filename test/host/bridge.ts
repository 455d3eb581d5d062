/**
 * What a suite in VS Code's extension host can ask of the host that it runs in: look at and drive the real window.
 *
 * Only the host that shows VS Code in a browser has a window to offer; {@link connectBridge} gives `undefined` in
 * desktop VS Code. Selectors are Playwright's (CSS that also finds what is inside open shadow roots, `:has-text(…)`).
 * Operations never scroll by themselves; what is outside the window is first brought in with {@link Scope.scrollTo}.
 */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** Which element among those that match, counted from 0; absent: the first. */
interface Which {
  nth?: number;
}

/** How long the host waits for what is asked, in milliseconds; absent: 30,000. */
interface Deadline {
  timeout?: number;
}

export interface Pointer extends Which, Deadline {
  /** Where on the element, in CSS pixels from its top left corner; absent: its centre. */
  position?: { x: number; y: number };
  button?: 'left' | 'middle' | 'right';
  /** Held down meanwhile. */
  modifiers?: ('Alt' | 'Control' | 'Meta' | 'Shift')[];
  clickCount?: number;
}

/** In CSS pixels of the window. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What the pixels of an element on the screen are. A blank canvas has one colour, whose share is 1. */
export interface Pixels {
  width: number;
  height: number;
  /** Number of different colours. */
  colours: number;
  /** Share of the most frequent colour, in (0, 1]. */
  dominantShare: number;
  /** The most frequent colour, `#rrggbb`. */
  dominant: string;
}

/** The operations on one document: the workbench's, or that of the notebook's outputs. */
export interface Scope {
  /** How many elements match now. */
  count(selector: string): Promise<number>;
  /** Waits until the element is there and visible (or in another state). */
  waitFor(
    selector: string,
    options?: { state?: 'attached' | 'detached' | 'visible' | 'hidden' } & Which & Deadline,
  ): Promise<void>;
  /** The rendered text of the element, once it is there. */
  text(selector: string, options?: Which & Deadline): Promise<string>;
  /** An attribute of the element, once it is there; `null` where it has none of that name. */
  attribute(selector: string, name: string, options?: Which & Deadline): Promise<string | null>;
  /** Where the element is in the window. */
  box(selector: string, options?: Which & Deadline): Promise<Box>;
  /** Turns the mouse wheel over the notebook until the element is in the window. */
  scrollTo(selector: string, options?: Which & Deadline): Promise<void>;
  /** A real click, at a point that has to be inside the window. */
  click(selector: string, options?: Pointer): Promise<void>;
  /** Moves the real pointer there. */
  hover(selector: string, options?: Pointer): Promise<void>;
  /** Focuses the element and presses a key or chord, for example `ArrowRight` or `Control+Enter`. */
  press(selector: string, keys: string, options?: Which & Deadline): Promise<void>;
  /** Reads the element's pixels off the screen. */
  pixels(selector: string, options?: Which & Deadline): Promise<Pixels>;
  /** Writes a picture of the element; see {@link Bridge.screenshot}. */
  screenshot(selector: string, name: string, options?: Which & Deadline): Promise<string>;
  /** Calls a function of its own text and a JSON argument with the element, inside its document. */
  evaluate<Argument, Result>(
    selector: string,
    call: (element: HTMLElement, argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
    options?: Which & Deadline,
  ): Promise<Result>;
}

export interface Bridge {
  /** The document of VS Code's window. */
  workbench: Scope;
  /** The document in which the active notebook's outputs and Markdown cells are drawn. */
  outputs: Scope;
  /** Writes the window to `test/artifacts/NAME.png`. @returns the path. */
  screenshot(name: string): Promise<string>;
  /** Prints a line on the terminal that the suite was started from. */
  print(line: string): Promise<void>;
  /** Presses a key or chord in the window, wherever the focus is. */
  press(keys: string): Promise<void>;
  /** Types into whatever has the focus. */
  type(text: string): Promise<void>;
  /** Resizes the window (CSS pixels); without arguments, to the size that it had first. */
  resize(width?: number, height?: number): Promise<void>;
  /** Errors on the console and uncaught exceptions whose text or script address contains `part`, since the window opened. */
  errors(part?: string): Promise<string[]>;
  /** Addresses outside this machine that the notebook's outputs asked for (and did not get). */
  foreignRequests(): Promise<string[]>;
  /** Ends the connection. */
  close(): void;
}

/** One request over the pipe, a line of JSON. */
export interface BridgeRequest {
  id: number;
  /** Absent for operations on the window. */
  scope?: 'workbench' | 'outputs';
  operation: string;
  selector?: string;
  options?: Pointer & { state?: 'attached' | 'detached' | 'visible' | 'hidden' };
  /** An attribute's or a picture's name, keys, a line, or a function's text, as the operation wants it. */
  text?: string;
  argument?: unknown;
  width?: number;
  height?: number;
}

export type BridgeAnswer = { id: number; result: unknown } | { id: number; error: string };

/** Connects to the host's pipe (`LATENTLAB_HOST_BRIDGE`); `undefined` where the host has no window to offer. */
export async function connectBridge(path = process.env['LATENTLAB_HOST_BRIDGE']): Promise<Bridge | undefined> {
  if (!path) return undefined;
  const socket = connect(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return bridgeOver(socket);
}

function bridgeOver(socket: Socket): Bridge {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  createInterface({ input: socket }).on('line', (line) => {
    const answer = JSON.parse(line) as BridgeAnswer;
    const caller = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) caller?.reject(new Error(answer.error));
    else caller?.resolve(answer.result);
  });
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('The host closed the bridge.'));
    waiting.clear();
  });
  // An open bridge does not keep the extension host alive.
  socket.unref();

  const ask = <Result>(operation: string, details: Omit<BridgeRequest, 'id' | 'operation'> = {}): Promise<Result> => {
    const request: BridgeRequest = { id: ++lastId, operation, ...details };
    return new Promise<Result>((resolve, reject) => {
      waiting.set(request.id, { resolve: (result) => resolve(result as Result), reject });
      socket.write(JSON.stringify(request) + '\n');
    });
  };
  const scoped = (scope: 'workbench' | 'outputs'): Scope => ({
    count: (selector) => ask('count', { scope, selector }),
    waitFor: (selector, options) => ask('waitFor', { scope, selector, options }),
    text: (selector, options) => ask('text', { scope, selector, options }),
    attribute: (selector, name, options) => ask('attribute', { scope, selector, options, text: name }),
    box: (selector, options) => ask('box', { scope, selector, options }),
    scrollTo: (selector, options) => ask('scrollTo', { scope, selector, options }),
    click: (selector, options) => ask('click', { scope, selector, options }),
    hover: (selector, options) => ask('hover', { scope, selector, options }),
    press: (selector, keys, options) => ask('press', { scope, selector, options, text: keys }),
    pixels: (selector, options) => ask('pixels', { scope, selector, options }),
    screenshot: (selector, name, options) => ask('screenshot', { scope, selector, options, text: name }),
    evaluate: (selector, call, argument, options) =>
      ask('evaluate', { scope, selector, options, text: call.toString(), argument }),
  });
  return {
    workbench: scoped('workbench'),
    outputs: scoped('outputs'),
    screenshot: (name) => ask('screenshot', { text: name }),
    print: (line) => ask('print', { text: line }),
    press: (keys) => ask('press', { text: keys }),
    type: (text) => ask('type', { text }),
    resize: (width, height) => ask('resize', { width, height }),
    errors: (part) => ask('errors', { text: part }),
    foreignRequests: () => ask('foreignRequests'),
    close: () => socket.destroy(),
  };
}
