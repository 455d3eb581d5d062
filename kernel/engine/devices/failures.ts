/** What took a process down is not tried again at each start: crashes and hangs of devices are remembered for a while. */
import { z } from 'zod';
import { commandLine } from '../commandLine';
import { CacheFile } from './cacheFile';

/** Drivers are mended, too: after this many days a device is tried again. */
const DAYS = 7;
const DAY_MS = 86_400_000;

const failures = new CacheFile('device-failures.json', z.strictObject({ reason: z.string(), time: z.number() }));

/** The process that computed on the rung ended in a way that was not its own. */
export function rememberFailure(rung: string, reason: string, now = Date.now()): void {
  failures.set(rung, { reason, time: now });
}

/** What happened to the rung, if it was not long ago. */
export function rememberedFailure(rung: string, now = Date.now()): string | undefined {
  const failure = failures.get(rung);
  if (!failure || now - failure.time > DAYS * DAY_MS) return undefined;
  const date = new Date(failure.time).toISOString().slice(0, 10);
  return `not tried again since ${date}, when ${failure.reason}; \`${commandLine('devices', '--retry')}\` tries it`;
}

/** Every rung is tried again. */
export function forgetFailures(): void {
  failures.clear();
}

/** Signals of native code that failed. */
const CRASHES: readonly (NodeJS.Signals | null)[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP'];

export function isCrash(signal: NodeJS.Signals | null): boolean {
  return CRASHES.includes(signal);
}
