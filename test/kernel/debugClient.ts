/** A debugger of a kernel under test: speaks the Debug Adapter Protocol as VS Code does. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { createHash } from 'node:crypto';
import type { KernelUnderTest } from './kernelUnderTest';

type Stop = DebugProtocol.StoppedEvent['body'];

export class DebugClient {
  readonly events: DebugProtocol.Event[] = [];
  private readonly send: (message: object) => void;
  private readonly answers = new Map<number, (response: DebugProtocol.Response) => void>();
  private waiting: { matches(event: DebugProtocol.Event): boolean; resolve(event: DebugProtocol.Event): void }[] = [];
  private sequence = 0;

  private constructor(kernel: KernelUnderTest) {
    this.send = kernel.client.debug((message) => this.hear(message as DebugProtocol.ProtocolMessage));
  }

  /** Attaches, with these breakpoints by the path of their source. */
  static async attach(
    kernel: KernelUnderTest,
    breakpoints: Record<string, DebugProtocol.SourceBreakpoint[]> = {},
    filters: string[] = [],
  ): Promise<DebugClient> {
    const client = new DebugClient(kernel);
    await client.request('initialize', { adapterID: 'latentlab' });
    await client.request('attach');
    for (const [path, list] of Object.entries(breakpoints)) await client.setBreakpoints(path, list);
    await client.request('setExceptionBreakpoints', { filters });
    await client.request('configurationDone');
    return client;
  }

  /** @throws Error with the adapter's reason */
  request<Body = unknown>(command: string, args: object = {}): Promise<Body> {
    const seq = ++this.sequence;
    const answered = new Promise<Body>((resolve, reject) => {
      this.answers.set(seq, ({ success, body, message }) => {
        if (success) resolve(body as Body);
        else reject(new Error(message));
      });
    });
    this.send({ type: 'request', seq, command, arguments: args });
    return answered;
  }

  /** @param text of the source, where only its scripts are meant */
  async setBreakpoints(path: string, breakpoints: DebugProtocol.SourceBreakpoint[], text?: string) {
    const checksums = text && [{ algorithm: 'SHA256', checksum: createHash('sha256').update(text).digest('hex') }];
    const source = { path, ...(checksums && { checksums }) };
    const body = await this.request<DebugProtocol.SetBreakpointsResponse['body']>('setBreakpoints', {
      source,
      breakpoints,
    });
    return body.breakpoints;
  }

  /** The next event of a name from now on; ask for it before what causes it. */
  next(event: string): Promise<DebugProtocol.Event> {
    return new Promise((resolve) => this.waiting.push({ matches: (one) => one.event === event, resolve }));
  }

  async stopped(): Promise<Stop> {
    return (await this.next('stopped')).body as Stop;
  }

  /** Sends a step, and waits for where it stops. */
  async step(command: 'next' | 'stepIn' | 'stepOut' | 'continue'): Promise<string> {
    const stopped = this.stopped();
    await this.request(command, { threadId: 1 });
    await stopped;
    return this.where();
  }

  async goOn(): Promise<void> {
    await this.request('continue', { threadId: 1 });
  }

  async stack(): Promise<DebugProtocol.StackFrame[]> {
    const args = { threadId: 1 };
    return (await this.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', args)).stackFrames;
  }

  /** `function source:line` of the innermost frame. */
  async where(): Promise<string> {
    return placeOf((await this.stack())[0]!);
  }

  /** Names and values by the name of their scope; what is expensive is left out. */
  async locals(frame = 0): Promise<Record<string, Record<string, string>>> {
    const frameId = (await this.stack())[frame]!.id;
    const { scopes } = await this.request<DebugProtocol.ScopesResponse['body']>('scopes', { frameId });
    const cheap = scopes.filter(({ expensive }) => !expensive);
    const read = await Promise.all(cheap.map(async (scope) => [scope.name, await this.inside(scope)] as const));
    return Object.fromEntries(read);
  }

  /** Names and values of what a reference stands for. */
  async inside({ variablesReference }: { variablesReference: number }, more: object = {}) {
    const args = { variablesReference, ...more };
    const { variables } = await this.request<DebugProtocol.VariablesResponse['body']>('variables', args);
    return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  }

  async evaluate(expression: string, context = 'watch'): Promise<string> {
    const frameId = (await this.stack())[0]?.id;
    const args = { expression, context, frameId };
    return (await this.request<DebugProtocol.EvaluateResponse['body']>('evaluate', args)).result;
  }

  async detach(): Promise<void> {
    await this.request('disconnect', { terminateDebuggee: true });
  }

  private hear(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'response') {
      const response = message as DebugProtocol.Response;
      this.answers.get(response.request_seq)?.(response);
      return;
    }
    const event = message as DebugProtocol.Event;
    this.events.push(event);
    const ready = this.waiting.filter(({ matches }) => matches(event));
    this.waiting = this.waiting.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve(event);
  }
}

export function placeOf({ name, source, line }: DebugProtocol.StackFrame): string {
  return `${name} ${source?.name}:${line}`;
}
