/**
 * Evaluates compiled cells in this process through V8's inspector in REPL mode, which gives top-level await and
 * bindings that later scripts may declare again.
 */
import inspector from 'node:inspector';
import type { Runtime } from 'node:inspector';

/** What a script ended with: nothing, or what it threw. `terminated`: V8 stopped it on the watchdog's word. */
export type Outcome =
  | { kind: 'completed' }
  | { kind: 'thrown'; error: unknown }
  | { kind: 'refused'; message: string; line: number; column: number }
  | { kind: 'terminated' };

const OBJECT_GROUP = 'cell';

export class Evaluator {
  private readonly inspector = new inspector.Session();
  /** Where {@link take} finds the object that the inspector speaks of by its id. */
  private readonly slot = Symbol.for('latentlab.evaluator.slot');

  constructor() {
    this.inspector.connect();
  }

  /**
   * @param url names the script in stack traces; no blanks
   * @returns when the script and everything it awaits has settled
   */
  evaluate(code: string, url: string): Promise<Outcome> {
    const parameters = {
      expression: `${code}\n//# sourceURL=${url}`,
      replMode: true,
      awaitPromise: true,
      objectGroup: OBJECT_GROUP,
    };
    return new Promise((resolve) => {
      this.inspector.post('Runtime.evaluate', parameters, (error, answer?: Runtime.EvaluateReturnType) => {
        // The one way in which evaluation itself fails: "Execution was terminated".
        if (error || !answer) {
          resolve({ kind: 'terminated' });
          return;
        }
        const details = answer.exceptionDetails;
        resolve(details ? this.thrown(details) : { kind: 'completed' });
        this.inspector.post('Runtime.releaseObjectGroup', { objectGroup: OBJECT_GROUP });
      });
    });
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
