/** The main thread through V8's inspector, from another thread: it answers also while it computes, and while it is paused. */
import { Session, type Debugger, type Runtime } from 'node:inspector';
import { ACCESS } from './messages';

export type Paused = Debugger.PausedEventDataType;

interface Methods {
  'Debugger.enable': [undefined, unknown];
  'Debugger.disable': [undefined, void];
  'Debugger.resume': [undefined, void];
  'Debugger.pause': [undefined, void];
  'Debugger.stepOver': [undefined, void];
  'Debugger.stepInto': [{ breakOnAsyncCall?: boolean }, void];
  'Debugger.stepOut': [undefined, void];
  'Debugger.setSkipAllPauses': [Debugger.SetSkipAllPausesParameterType, void];
  'Debugger.setAsyncCallStackDepth': [Debugger.SetAsyncCallStackDepthParameterType, void];
  'Debugger.setBlackboxPatterns': [Debugger.SetBlackboxPatternsParameterType, void];
  'Debugger.setPauseOnExceptions': [Debugger.SetPauseOnExceptionsParameterType, void];
  'Debugger.setBreakpointByUrl': [Debugger.SetBreakpointByUrlParameterType, Debugger.SetBreakpointByUrlReturnType];
  'Debugger.removeBreakpoint': [Debugger.RemoveBreakpointParameterType, void];
  'Debugger.getScriptSource': [Debugger.GetScriptSourceParameterType, Debugger.GetScriptSourceReturnType];
  'Debugger.evaluateOnCallFrame': [Debugger.EvaluateOnCallFrameParameterType, Debugger.EvaluateOnCallFrameReturnType];
  'Debugger.setVariableValue': [Debugger.SetVariableValueParameterType, void];
  'Runtime.evaluate': [Runtime.EvaluateParameterType & { replMode?: boolean }, Runtime.EvaluateReturnType];
  'Runtime.callFunctionOn': [Runtime.CallFunctionOnParameterType, Runtime.CallFunctionOnReturnType];
  'Runtime.getProperties': [Runtime.GetPropertiesParameterType, Runtime.GetPropertiesReturnType];
}

interface Events {
  'Debugger.paused': Paused;
  'Debugger.resumed': unknown;
  'Debugger.scriptParsed': Debugger.ScriptParsedEventDataType;
  'Debugger.breakpointResolved': Debugger.BreakpointResolvedEventDataType;
}

export class Connection {
  private readonly session = new Session();
  private readonly urls = new Map<string, string>();

  constructor() {
    this.session.connectToMainThread();
    this.on('Debugger.scriptParsed', ({ scriptId, url }) => this.urls.set(scriptId, url));
  }

  on<E extends keyof Events>(event: E, listener: (params: Events[E]) => void): void {
    this.session.on(event, (message: { params: unknown }) => listener(message.params as Events[E]));
  }

  /** V8's name of a script; the frames of a paused stack do not say it. */
  urlOf(scriptId: string): string {
    return this.urls.get(scriptId) ?? '';
  }

  /** @throws Error with V8's reason */
  send<M extends keyof Methods>(method: M, parameters?: Methods[M][0]): Promise<Methods[M][1]> {
    return new Promise((resolve, reject) => {
      this.session.post(
        method as 'Debugger.resume',
        parameters as undefined as never,
        ((error: Error | null, result: Methods[M][1]) => {
          if (error) reject(new Error(error.message));
          else resolve(result);
        }) as never,
      );
    });
  }

  /** Calls a function of the main thread's {@link DebugAccess}. */
  async access<T>(call: string): Promise<T> {
    const expression = `globalThis[Symbol.for('${ACCESS}')].${call}`;
    const { result } = await this.send('Runtime.evaluate', {
      expression: `${expression}\n//# sourceURL=node:${ACCESS}`,
      returnByValue: true,
      silent: true,
    });
    return result.value as T;
  }

  /** Lets go of the main thread, which continues if it is paused. */
  end(): void {
    this.session.disconnect();
  }
}
