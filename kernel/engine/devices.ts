/**
 * The device ladder: which device computes, and why. `auto` takes the first rung that loads, finds hardware and passes a
 * self-test. What the user chose is never changed silently.
 */
import * as tf from '@tensorflow/tfjs';
import { proveInChild } from './devices/childProof';
import { prove, type Proof } from './devices/proof';
import type { RungDefinition } from './devices/rung';
import { DEVICE_NAMES, RUNGS } from './devices/rungs';

export { DEVICE_NAMES } from './devices/rungs';

/** One rung of the device ladder and why it was or was not taken. */
export interface Rung {
  name: string;
  status: 'chosen' | 'usable' | 'unusable';
  reason: string;
}

export interface Device {
  /** The rung that computes. */
  name: string;
  /** For people: `CPU, WebAssembly (SIMD)`. */
  description: string;
  rungs: Rung[];
}

/** The device that was asked for is unknown or cannot be used. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}

/** Milliseconds for a self-test. The first use of a GPU may have to compile kernels for it. */
const PATIENCE = 20_000;
/** Milliseconds for rungs that are tried for the report only, while another one that was asked for starts. */
const PATIENCE_FOR_REPORT = 2_000;

type Proofs = Map<string, Proof>;

/**
 * Tries every rung and tells which one a kernel would take.
 *
 * @param requested `auto` or a rung; one that cannot be used leaves no rung `chosen`
 * @throws {DeviceError} when there is no such device
 */
export async function probeDevices(requested = 'auto'): Promise<Rung[]> {
  checkName(requested);
  const backend = tf.getBackend();
  const proofs = await proveAll(() => PATIENCE);
  if (backend) await tf.setBackend(backend);
  return report(proofs, requested, choice(proofs, requested)?.rung.name);
}

/**
 * Loads a rung into this process and makes it tfjs's backend.
 *
 * @param requested `auto` or a rung
 * @throws {DeviceError} when there is no such device, or it cannot be used; the message says why
 */
export async function chooseDevice(requested: string): Promise<Device> {
  checkName(requested);
  const proofs = await proveAll(({ name }) =>
    requested === 'auto' || requested === name ? PATIENCE : PATIENCE_FOR_REPORT,
  );
  for (let taken = choice(proofs, requested); taken; taken = choice(proofs, requested)) {
    const { rung, description } = taken;
    const here = await prove(rung);
    if (here.usable) return { name: rung.name, description, rungs: report(proofs, requested, rung.name) };
    proofs.set(rung.name, { usable: false, reason: `it passed its self-test, yet failed to load: ${here.reason}` });
  }
  throw unusable(proofs, requested);
}

/** The report for a terminal. */
export function deviceReportText(rungs: readonly Rung[]): string {
  const width = Math.max(...rungs.map(({ name }) => name.length));
  const lines = rungs.map(({ name, status, reason }) => {
    const mark = status === 'chosen' ? '*' : ' ';
    return `${mark} ${name.padEnd(width)}  ${status.padEnd('unusable'.length)}  ${reason}`;
  });
  return ['Devices, best first (* computes):', ...lines].join('\n');
}

/** Native rungs all at once, each in a process of its own; the others here, one after the other. */
async function proveAll(patience: (rung: RungDefinition) => number): Promise<Proofs> {
  const children = RUNGS.filter(({ native }) => native).map(
    async (rung) => [rung.name, await proveInChild(rung, { patience: patience(rung) })] as const,
  );
  const here: [string, Proof][] = [];
  for (const rung of RUNGS.filter(({ native }) => !native)) here.push([rung.name, await prove(rung)]);
  return new Map([...(await Promise.all(children)), ...here]);
}

/** The rung to take, or undefined when what was asked for cannot be used. */
function choice(proofs: Proofs, requested: string): { rung: RungDefinition; description: string } | undefined {
  for (const rung of RUNGS) {
    const proof = proofs.get(rung.name)!;
    if (!proof.usable) continue;
    const wanted = requested === 'auto' ? proof.reservation === undefined : requested === rung.name;
    if (wanted) return { rung, description: proof.description };
  }
  return undefined;
}

function report(proofs: Proofs, requested: string, chosen: string | undefined): Rung[] {
  return RUNGS.map(({ name }) => {
    const proof = proofs.get(name)!;
    if (!proof.usable) return { name, status: 'unusable', reason: proof.reason };
    const { description, reservation } = proof;
    if (name !== chosen) {
      const why = reservation ? `auto passes it by: ${reservation}` : 'passed its self-test';
      return { name, status: 'usable', reason: `${description}; ${why}` };
    }
    const why = requested === 'auto' ? 'the first that passed its self-test' : 'asked for by name';
    return { name, status: 'chosen', reason: `${description}; ${why}` };
  });
}

function checkName(requested: string): void {
  if (DEVICE_NAMES.includes(requested)) return;
  throw new DeviceError(`There is no device “${requested}”; choose one of ${DEVICE_NAMES.join(', ')}.`);
}

function unusable(proofs: Proofs, requested: string): DeviceError {
  const proof = proofs.get(requested);
  const reason = proof && !proof.usable ? proof.reason : 'no rung of the ladder works';
  return new DeviceError(
    `The device ${requested} cannot be used: ${reason}. \`npm run devices\` lists what this machine has.`,
  );
}
