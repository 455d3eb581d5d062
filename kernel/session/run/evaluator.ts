/**
 * Evaluates compiled cells in this process through V8's inspector in REPL mode, which gives top-level await and
 * bindings that later scripts may declare again.
 */
import inspector from 'node:inspector';
import type { Runtime } from 'node:inspector';
import { promiseHooks } from 'node:v8';

/** What a script ended with: nothing, or what it threw. `terminated`: V8 stopped it on the watchdog's word. */
export type Outcome =
  | { kind: 'completed' }
  | { kind: 'thrown'; error: unknown }
  | { kind: 'refused'; message: string; line: number; column: number }
  | { kind: 'terminated' };

/** Node's own: those that cells call end with their cell. */
const nextTurn = setImmediate;

interface Started {
  kind: 'started';
  promise: Promise<unknown>;
}

export class Evaluator {
  private inspector = new inspector.Session();
  /** Where {@link take} finds the object that the inspector speaks of by its id. */
  private readonly slot = Symbol.for('latentlab.evaluator.slot');

  /** Promises that nothing handles, for V8 to see that nothing does, and who hears of their rejection. */
  private readonly unhandled = new WeakMap<Promise<unknown>, (error: unknown) => void>();

  /**
   * @param url names the script in stack traces; no blanks
   * @param isDebugged whether V8 has to see which errors no one but this catches
   * @returns when the script and everything it awaits has settled; never, when V8 ended it or forgot what it awaits
   */
  async evaluate(code: string, url: string, isDebugged = false): Promise<Outcome> {
    const expression = `${code}\n//# sourceURL=${url}`;
    // V8 looks for a `catch` down the whole stack: this one must not be below.
    const started = isDebugged
      ? await new Promise<Outcome | Started>((resolve) => nextTurn(() => resolve(this.start(expression))))
      : this.start(expression);
    if (started.kind !== 'started') return started;
    try {
      await (isDebugged ? this.settled(started.promise) : started.promise);
      return { kind: 'completed' };
    } catch (error) {
      return { kind: 'thrown', error };
    }
  }

  /** Takes a rejection that nobody else handles. Returns whether it was the one of a script. */
  takeRejection(promise: Promise<unknown>, error: unknown): boolean {
    const reject = this.unhandled.get(promise);
    reject?.(error);
    return reject !== undefined;
  }

  /** Settles as a promise does, whose rejection stays unhandled. */
  private settled(promise: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const last = Promise.prototype.then.call(promise, resolve);
      this.unhandled.set(last, reject);
    });
  }

  /**
   * Runs a script to its first await. The inspector of the same thread answers what ends there before this returns, and
   * a termination goes no further than to its end.
   *
   * The script's promise is awaited by the caller and not by the inspector, which lets go of it here: that a promise can
   * no longer settle, the inspector learns inside the garbage collector and tells by a call of JavaScript, and V8 ends a
   * process that makes one there.
   */
  private start(expression: string): Outcome | Started {
    const session = this.connect();
    let outcome: Outcome | Started = { kind: 'terminated' };
    // The first promise that a script of REPL mode makes is its own.
    const stop = promiseHooks.onInit((promise) => {
      stop();
      outcome = { kind: 'started', promise };
    }) as () => void;
    const posted = { expression, replMode: true };
    session.post('Runtime.evaluate', posted, (error, answer?: Runtime.EvaluateReturnType) => {
      // The one way in which evaluation itself fails: "Execution was terminated".
      if (error) outcome = { kind: 'terminated' };
      else if (answer?.exceptionDetails) outcome = this.thrown(answer.exceptionDetails);
    });
    stop();
    const result = outcome;
    // Answers what is pending with an error, here and now.
    session.disconnect();
    return result;
  }

  /** A session of the inspector for one script; one that a termination left connected is released. */
  private connect(): inspector.Session {
    this.inspector.disconnect();
    this.inspector = new inspector.Session();
    this.inspector.connect();
    return this.inspector;
  }

  private thrown(details: Runtime.ExceptionDetails): Outcome {
    const { exception } = details;
    if (!exception) return { kind: 'thrown', error: new Error(details.text) };
    const error = this.take(exception);
    // V8 itself refused the script: nothing ran, and the stack holds no position in it.
    if (error instanceof SyntaxError && details.scriptId && !details.stackTrace?.callFrames.some(inScript(details))) {
      return {
        kind: 'refused',
        message: error.message,
        line: details.lineNumber + 1,
        column: details.columnNumber + 1,
      };
    }
    return { kind: 'thrown', error };
  }

  /** The value itself behind an inspector's remote object. */
  private take(remote: Runtime.RemoteObject): unknown {
    if (remote.objectId === undefined) return primitiveOf(remote);
    const holder = globalThis as unknown as Record<symbol, unknown>;
    this.inspector.post('Runtime.callFunctionOn', {
      functionDeclaration: `function () { globalThis[Symbol.for('latentlab.evaluator.slot')] = this; }`,
      objectId: remote.objectId,
    });
    const value = holder[this.slot];
    delete holder[this.slot];
    return value;
  }
}

function inScript(details: Runtime.ExceptionDetails): (frame: Runtime.CallFrame) => boolean {
  return (frame) => frame.scriptId === details.scriptId;
}

function primitiveOf(remote: Runtime.RemoteObject): unknown {
  switch (remote.unserializableValue) {
    case undefined:
      return remote.type === 'undefined' ? undefined : remote.value;
    case 'NaN':
      return NaN;
    case 'Infinity':
      return Infinity;
    case '-Infinity':
      return -Infinity;
    case '-0':
      return -0;
    default:
      return BigInt(remote.unserializableValue.slice(0, -1));
  }
}
