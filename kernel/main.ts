/** The kernel process: protocol in, protocol out. Forked by `client.ts`; ends when its host is gone. */
import { compileCacheFolder } from './engine/cacheFolder';
import { unpackNatives } from './engine/packedNatives';
import { Outbox } from './session/ask/outbox';
import { Interrupts } from './session/run/interrupts';
import { keepOwnListeners } from './session/run/ownListeners';
import { endProcess } from './session/run/processTree';
import { Session } from './session/session';
import { startLibrary } from './session/library';
import { pauseTrainings } from './session/report/keptRun';
import { INTERRUPT_FD, PROTOCOL_VERSION, type HostMessage, type Initialize } from './protocol';

// It is for this process, and not for those that cells start.
if (process.env['NODE_COMPILE_CACHE'] === compileCacheFolder()) delete process.env['NODE_COMPILE_CACHE'];

const outbox = new Outbox();
const { send } = outbox;

let session: Session | undefined;

process.on('message', (message) => void receive(message as HostMessage));
// The host is gone; what cells started goes with this process, whose group it is.
process.on('disconnect', () => {
  endProcess(-process.pid, 'SIGKILL');
  process.exit(0);
});
// Ctrl-C in a terminal reaches every process there; what it means is for the host, which interrupts through the watchdog.
process.on('SIGINT', () => {});

async function receive(message: HostMessage): Promise<void> {
  switch (message.type) {
    case 'initialize':
      await initialize(message);
      break;
    case 'execute':
      session?.execute(message);
      break;
    case 'viewRequest':
      await session?.answer(message);
      break;
    case 'inspect':
      await session?.inspect(message);
      break;
    case 'pause':
      pauseTrainings(send);
      break;
    case 'drain':
      await session?.drain(message.patience);
      break;
    case 'shutdown':
      process.exit(0);
  }
}

async function initialize(message: Initialize): Promise<void> {
  try {
    if (message.protocol !== PROTOCOL_VERSION) {
      throw new Error(`The host speaks protocol ${message.protocol}, this kernel ${PROTOCOL_VERSION}.`);
    }
    await unpackNatives();
    const interrupts = new Interrupts(new URL('./watchdog.js', import.meta.url), INTERRUPT_FD, (event) => {
      if (event.type === 'interrupt') session?.interrupt(event.cell);
      else if (event.type === 'terminated') session?.terminated(event.cell);
      else if (event.type === 'broken') console.error(`Interrupts do not reach this kernel: ${event.message}`);
    });
    const { device, connect } = await startLibrary(message, interrupts);
    const library = new URL('./latentlab.js', import.meta.url);
    const hooks = new URL('./loaderHooks.js', import.meta.url);
    session = new Session({
      folder: message.folder,
      modules: { hooks, library, namespace: (await import(library.href)) as object },
      device: device.name,
      seed: message.seed,
      send,
      questions: {
        flags: interrupts.flags,
        port: interrupts.port,
        heldBack: () => outbox.heldBack,
      },
      debug: { flags: interrupts.flags, post: (message) => interrupts.tellDebugger(message) },
      onRunning: (order) => interrupts.running(order),
      isInterrupted: (order) => interrupts.isInterrupted(order),
    });
    connect(session);
    keepOwnListeners();
    send({ type: 'ready', protocol: PROTOCOL_VERSION, node: process.version, device });
  } catch (error) {
    const { name, message: text, stack = text } = error instanceof Error ? error : new Error(String(error));
    send({ type: 'startFailed', error: { kind: 'error', name, message: text, stack } });
    process.exitCode = 1;
    process.disconnect?.();
  }
}
