/**
 * The device ladder: which device computes, and why. `auto` takes the first rung that loads, finds hardware and passes a
 * self-test. What the user chose is never changed silently.
 */
import * as tf from '@tensorflow/tfjs';
import { identityOf, provenApart } from './devices/apart';
import { DeviceError } from './devices/deviceError';
import { forgetFailures } from './devices/failures';
import { DEVICE_NAMES } from './devices/names';
import { forgetPasses, rememberedPass } from './devices/passes';
import { applyPrecision } from './devices/precision';
import { prove, type Proof } from './devices/proof';
import { reportOf, type Rung } from './devices/report';
import type { RungDefinition } from './devices/rung';
import { RUNGS } from './devices/rungs';
import { exposeGpu, misplacedChoice, parseRequest } from './devices/whichGpu';
import { commandLine } from './commandLine';
import { meant } from './nearest';
import { setRuntime, type Runtime } from './runtime';

export { DeviceError } from './devices/deviceError';
export { deviceReportText, type Rung } from './devices/report';
export { DEVICE_NAMES } from './devices/names';

export interface Device {
  /** The rung that computes. */
  name: string;
  /** For people: `CPU, WebAssembly (SIMD)`. */
  description: string;
  /** Whether it is a rung for a GPU. */
  gpu: boolean;
  /** The ladder; rungs that there was no need to try are `untried`. */
  rungs: Rung[];
}

type Proofs = Map<string, Proof>;

/** What this process computes on. */
let inUse: { proofs: Proofs; requested: string; name: string } | undefined;

/**
 * Tries every rung and tells which one a kernel would take.
 *
 * @param request `auto` or a rung, with which GPU behind a colon (`xla-cuda:1`, `xla-cuda:H200`) where there are several; one
 * that cannot be used leaves no rung `chosen`
 * @param options.retry also rungs that took a process down, or gave no answer, not long ago; they have longer to answer
 * @throws {DeviceError} when there is no such device
 */
export async function probeDevices(request = 'auto', { retry = false } = {}): Promise<Rung[]> {
  const requested = await prepared(request);
  if (retry) {
    forgetFailures();
    forgetPasses();
  }
  const proofs: Proofs = new Map();
  const isPatient = (rung: RungDefinition) => retry || requested === rung.name;
  await proveAll(RUNGS, requested, proofs, (rung) => proveApart(rung, requested, proofs, isPatient(rung)));
  return reportOf(proofs, requested, choice(proofs, requested)?.rung.name);
}

/**
 * Loads a rung into this process and makes it tfjs's backend. No more rungs are tried than the choice needs.
 *
 * @param request as {@link probeDevices} takes it
 * @throws {DeviceError} when there is no such device, or it cannot be used; the message says why
 */
export async function chooseDevice(request: string): Promise<Device> {
  const requested = await prepared(request);
  const proofs: Proofs = new Map();
  for (const wave of wavesOf(requested)) {
    await proveAll(wave, requested, proofs, proveUnlessPassed);
    for (let taken = choice(proofs, requested); taken; taken = choice(proofs, requested)) {
      const { rung, description } = taken;
      const here = await prove(rung);
      if (here.usable) {
        setRuntime(here.runtime ?? 'eager', requested === 'auto' ? rivalsOf(rung, proofs) : []);
        const { name, gpu } = rung;
        inUse = { proofs, requested, name };
        return { name, description, gpu, rungs: reportOf(proofs, requested, name) };
      }
      proofs.set(rung.name, { usable: false, reason: `it passed its self-test, yet failed to load: ${here.reason}` });
    }
  }
  throw unusable(proofs, requested);
}

/** The ladder of the device in use, with the rungs that were not tried yet; they are, in processes of their own. */
export async function wholeReport(): Promise<Rung[]> {
  if (!inUse) throw new DeviceError('No device has been chosen in this process.');
  const { proofs, requested, name } = inUse;
  const untried = RUNGS.filter((rung) => !proofs.has(rung.name));
  await Promise.all(untried.map((rung) => proveApart(rung, requested, proofs)));
  return reportOf(proofs, requested, name);
}

/**
 * Rungs to try together: `auto` needs those above the first that no GPU is for, with the one that is raced against it, and
 * the others when none of them works.
 */
function wavesOf(requested: string): RungDefinition[][] {
  if (requested !== 'auto') return [RUNGS.filter(({ name }) => name === requested)];
  const end = RUNGS.findIndex(({ name }) => name === 'xla-cpu') + 1;
  return [RUNGS.slice(0, end), RUNGS.slice(end)];
}

/** Native rungs all at once, meanwhile the others in this process, one after the other; the backend in use stays. */
async function proveAll(
  rungs: readonly RungDefinition[],
  requested: string,
  proofs: Proofs,
  proveNative: (rung: RungDefinition, requested: string, proofs: Proofs) => Promise<void>,
): Promise<void> {
  const backend = tf.getBackend();
  const apart = rungs.filter(({ native }) => native).map((rung) => proveNative(rung, requested, proofs));
  for (const rung of rungs.filter(({ native }) => !native)) proofs.set(rung.name, await prove(rung));
  if (backend && tf.getBackend() !== backend) await tf.setBackend(backend);
  await Promise.all(apart);
}

/** In a separate process. A rung that was asked for by name is tried whatever happened to it. */
async function proveApart(rung: RungDefinition, requested: string, proofs: Proofs, isPatient = false): Promise<void> {
  proofs.set(rung.name, await provenApart(rung, { isAsked: requested === rung.name, isPatient }));
}

/** As quickly as is safe: what has passed on this machine before needs no other process. */
async function proveUnlessPassed(rung: RungDefinition, requested: string, proofs: Proofs): Promise<void> {
  const identity = identityOf(rung);
  const pass = identity === undefined ? undefined : rememberedPass(rung.name, identity);
  if (pass) proofs.set(rung.name, pass);
  else await proveApart(rung, requested, proofs);
}

/**
 * Runtimes that each model is raced on against the one that was taken: small models are often slower on a GPU, and on the
 * processor XLA is quicker at products and slower at convolutions.
 */
function rivalsOf(taken: RungDefinition, proofs: Proofs): Runtime[] {
  return RUNGS.slice(RUNGS.findIndex(({ name }) => name === taken.name) + 1).flatMap((rung) => {
    const proof = proofs.get(rung.name);
    if (!proof?.usable || proof.reservation || !proof.runtime) return [];
    rung.offer?.();
    return [proof.runtime];
  });
}

/** The rung to take, or undefined when what was asked for cannot be used. */
function choice(proofs: Proofs, requested: string): { rung: RungDefinition; description: string } | undefined {
  for (const rung of RUNGS) {
    const proof = proofs.get(rung.name);
    if (!proof?.usable) continue;
    const wanted = requested === 'auto' ? proof.reservation === undefined : requested === rung.name;
    if (wanted) return { rung, description: proof.description };
  }
  return undefined;
}

/** The rung that is asked for, or `auto`; from here on CUDA sees the GPU and knows the precision that are asked for. */
async function prepared(request: string): Promise<string> {
  const wanted = parseRequest(request);
  const { name, gpu } = wanted;
  if (!DEVICE_NAMES.includes(name)) {
    throw new DeviceError(
      `There is no device “${name}”${meant(name, DEVICE_NAMES)}; choose one of ${DEVICE_NAMES.join(', ')}.`,
    );
  }
  const misplaced = misplacedChoice(wanted);
  if (misplaced) throw new DeviceError(`T${misplaced.slice(1)}.`);
  applyPrecision();
  if (gpu !== undefined) await exposeGpu(gpu);
  return name;
}

function unusable(proofs: Proofs, requested: string): DeviceError {
  const proof = proofs.get(requested);
  const reason = proof && !proof.usable ? proof.reason : 'no device works';
  return new DeviceError(
    `The device ${requested} cannot be used: ${reason}. \`${commandLine('devices')}\` lists what this machine has.`,
  );
}
