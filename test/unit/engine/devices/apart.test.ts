/** A GPU’s self-test that is slow, hangs or crashes, by stand-ins for its process, and what the next start does. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { provenApart, type Apart } from '../../../../kernel/engine/devices/apart';
import { rememberedFailure } from '../../../../kernel/engine/devices/failures';
import type { RungDefinition } from '../../../../kernel/engine/devices/rung';
import { RUNGS } from '../../../../kernel/engine/devices/rungs';
import { packageRoot } from '../../../../kernel/engine/packageRoot';

const rung: RungDefinition = { ...RUNGS.find(({ name }) => name === 'traced-cpu')!, name: 'xla-cuda', gpu: true };
const LATER = Date.UTC(2100, 0, 1);

// Inside the repository, so that programs in it find their packages.
let folder: string;
let program: string;
let tries: string;

beforeEach(() => {
  mkdirSync(path.join(packageRoot(), 'test', 'artifacts'), { recursive: true });
  folder = mkdtempSync(path.join(packageRoot(), 'test', 'artifacts', 'apart-'));
  vi.stubEnv('LATENTLAB_CACHE', path.join(folder, 'cache'));
  [program, tries] = [path.join(folder, 'probe.mjs'), path.join(folder, 'tries')];
  writeFileSync(tries, '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** From now on the self-test does this. */
function selfTest(code: string): void {
  writeFileSync(
    program,
    `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(tries)}, 'x'); ${code}`,
  );
}

const HANGS = 'while (true);';
const PASSES = `process.send({ usable: true, description: 'a GPU', precision: 'float32' }, () => process.exit(0));`;

/** @param quick milliseconds of a kernel that starts: none where an answer is to be waited for */
function prove(options: Partial<Apart> = {}, quick = 300) {
  return provenApart(rung, { isAsked: false, isPatient: false, limits: { quick, long: 60_000 }, program, ...options });
}

const count = () => readFileSync(tries, 'utf8').length;

it('a slow one says what to do; with longer to answer it passes, and nothing is left to be remembered', async () => {
  selfTest(HANGS);
  const remedy =
    /^its self-test gave no answer within 0\.3 s; a driver that compiles .* `npm run devices -- --retry` gives/;
  expect(await prove()).toMatchObject({ usable: false, reason: expect.stringMatching(remedy) as string });
  // The next start does not wait for it again.
  const before = count();
  const known = await prove();
  expect(known).toMatchObject({ usable: false, reason: expect.stringContaining('not tried again since') as string });
  expect(count()).toBe(before);
  selfTest(PASSES);
  expect(await prove({ isAsked: true, isPatient: true })).toMatchObject({ usable: true });
  expect(rememberedFailure('xla-cuda')).toBeUndefined();
});

it('one that hangs however long it has is remembered as a crash is', async () => {
  selfTest(HANGS);
  const proof = await prove({ isPatient: true, limits: { quick: 1, long: 300 } });
  expect(proof).toMatchObject({ usable: false, reason: 'its self-test gave no answer within 0.3 s' });
  const day = 86_400_000;
  expect(rememberedFailure('xla-cuda', Date.now() + 6 * day)).toContain('no answer within 0.3 s');
  expect(rememberedFailure('xla-cuda', LATER)).toBeUndefined();
});

it('a crash is no matter of time: it is remembered for days after a single one', async () => {
  selfTest(`process.kill(process.pid, 'SIGSEGV');`);
  const proof = await prove({}, 60_000);
  expect(proof).toMatchObject({ usable: false, reason: 'its self-test ended with SIGSEGV', fatal: 'crash' });
  expect(rememberedFailure('xla-cuda', Date.now() + 6 * 86_400_000)).toContain('SIGSEGV');
});
