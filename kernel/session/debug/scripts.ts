/** The main thread's side of debugging: the scripts that have a source of the user's, told to a debugger before they run. */
import { createHash } from 'node:crypto';
import type { Place } from '../compile/rewrite';
import { Flag } from '../run/interruptFlags';
import { inspectValue } from '../show/display';
import { ACCESS, type DebugAccess, type ScriptDetails, type ScriptFacts, type ToAdapter } from './messages';
import { placeTable } from './scriptPlaces';
import { tryBlocks } from './tryBlocks';

/** How long a script waits for its breakpoints. */
const PATIENCE_MS = 2000;
/** Between looks; V8 hears of breakpoints at each. */
const LOOK_MS = 2;

export interface UserScript {
  url: string;
  name: string;
  path: string;
  source: string;
  code: string;
  aliases?: Record<string, string>;
  origin(place: Place): Place;
}

export class DebugScripts {
  private readonly scripts = new Map<string, UserScript>();
  private announced = 0;

  /**
   * @param flags shared with the watchdog's thread
   * @param post leads to it
   */
  constructor(
    private readonly flags: Int32Array,
    private readonly post: (message: ToAdapter) => void,
  ) {
    const access: DebugAccess = {
      scripts: () => [...this.scripts.values()].map(factsOf),
      details: (url) => {
        const script = this.scripts.get(url);
        if (!script) return undefined;
        const { code, origin } = script;
        return { code, places: [...placeTable(code, origin)], tries: tryBlocks(code) };
      },
      text: (url) => this.scripts.get(url)?.source,
      log: (breakpoint, values) => {
        const text = values.map((value) => (typeof value === 'string' ? value : inspectValue(value))).join('');
        post({ type: 'log', breakpoint, text });
        return false;
      },
      flush: () => post({ type: 'flushed' }),
    };
    Object.defineProperty(globalThis, Symbol.for(ACCESS), { value: access });
  }

  /** A script is about to run. While a debugger is there it sets its breakpoints first. */
  add(script: UserScript): void {
    this.scripts.set(script.url, script);
    if (!this.isDebugged) return;
    const number = ++this.announced;
    const { code, origin } = script;
    const details: ScriptDetails = {
      ...factsOf(script),
      code,
      places: placeTable(code, origin),
      tries: tryBlocks(code),
    };
    this.post({ type: 'script', number, script: details });
    const until = performance.now() + PATIENCE_MS;
    // V8 takes the debugger's words between two rounds of a loop, and not inside of a wait.
    while (this.isDebugged && Atomics.load(this.flags, Flag.scripts) < number && performance.now() < until) {
      Atomics.wait(this.flags, Flag.scripts, number - 1, LOOK_MS);
    }
  }

  /** Whether a debugger is there. */
  get isDebugged(): boolean {
    return Atomics.load(this.flags, Flag.debugging) === 1;
  }
}

function factsOf({ url, name, path, source, aliases = {} }: UserScript): ScriptFacts {
  return { url, name, path, checksum: checksumOf(source), aliases };
}

/** As the Debug Adapter Protocol has it. */
function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
