/**
 * What took a process down is not tried again at each start: crashes of devices are remembered for a while. A self-test
 * without an answer in time is another matter: the first one may wait for a driver that compiles for its GPU, and keeps
 * what it has compiled.
 */
import { z } from 'zod';
import { commandLine, isExtension } from '../commandLine';
import { CacheFile } from './cacheFile';

/** Drivers are mended, too: after this many days a device is tried again. */
const DAYS = 7;
const DAY_MS = 86_400_000;

/** After one timeout a device is tried again so soon; after a second one in succession it counts as hanging. */
const HOUR_MS = 3_600_000;
const HANGS_AFTER = 2;

/** Milliseconds for a self-test. While a kernel starts, which has its own deadline. */
export const PATIENCE = 20_000;

/** Where nothing waits for it but the user who asked: the first use of a GPU may have to compile kernels for it. */
export const LONG_PATIENCE = 180_000;

const failures = new CacheFile(
  'device-failures.json',
  z.strictObject({
    reason: z.string(),
    time: z.number(),
    /** In succession; absent for a crash. */
    timeouts: z.int().optional(),
  }),
);

/** The process that computed on the rung ended in a way that was not its own. */
export function rememberFailure(rung: string, reason: string, now = Date.now()): void {
  failures.set(rung, { reason, time: now });
}

/** The rung's self-test gave no answer while a kernel started. */
export function rememberTimeout(rung: string, reason: string, now = Date.now()): void {
  failures.set(rung, { reason, time: now, timeouts: (failures.get(rung)?.timeouts ?? 0) + 1 });
}

/** The rung's self-test has given an answer: it was only slow. What crashed may crash again. */
export function forgetTimeouts(rung: string): void {
  if (failures.get(rung)?.timeouts !== undefined) failures.delete(rung);
}

/** What happened to the rung, if it was not long ago. */
export function rememberedFailure(rung: string, now = Date.now()): string | undefined {
  const failure = failures.get(rung);
  if (!failure) return undefined;
  const { reason, time, timeouts = 0 } = failure;
  const isSlow = timeouts > 0 && timeouts < HANGS_AFTER;
  if (now - time > (isSlow ? HOUR_MS : DAYS * DAY_MS)) return undefined;
  const when = new Date(time).toISOString();
  const since = isSlow ? `${when.slice(0, 10)} ${when.slice(11, 16)} UTC` : when.slice(0, 10);
  const remedy = timeouts > 0 ? slowRemedy() : `\`${commandLine('devices', '--retry')}\` tries it`;
  return `not tried again since ${since}, when ${reason}; ${remedy}`;
}

/** What to do about a self-test that gave no answer while a kernel started. */
export function slowRemedy(): string {
  const cause = 'a driver that compiles for its GPU for the first time may need longer';
  const command = commandLine('devices', '--retry');
  return isExtension()
    ? `${cause}; choose it with \`${command}\` to try it now`
    : `${cause}; \`${command}\` gives it ${LONG_PATIENCE / 1000} s`;
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
