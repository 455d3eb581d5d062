/** The device of a program of its own, which begins without one: chosen by the program, or with its first training. */
import * as tf from '@tensorflow/tfjs';
import { chooseDevice as take, DeviceError, type Device } from '../engine/devices';
import { silenceCpu } from '../engine/devices/portable';
import type { RungName } from '../engine/devices/names';
import { prepareBy } from '../engine/runtime';

export { DeviceError } from '../engine/devices';
export type { Device, Rung } from '../engine/devices';

/** `auto` is the first of them that can be used. */
export type DeviceName = 'auto' | RungName;

/** What tfjs computes on by itself, and so does work that comes before a device. */
const BEFORE = 'cpu';

/** What computes where there is no GPU. */
const NATIVE: RungName = 'traced-cpu';

let chosen: Device | undefined;
/** The choices one after the other; each makes itself tfjs's backend. */
let choosing: Promise<unknown> = Promise.resolve();
/** The choice that trainings which begin together wait for. */
let first: Promise<unknown> | undefined;

if (!tf.getBackend()) {
  silenceCpu(tf);
  // Takes effect at once: tfjs starts this one without waiting.
  void tf.setBackend(BEFORE);
}
prepareBy(async () => {
  await choosing.catch(() => {});
  if (chosen === undefined && !hasOwnBackend()) await (first ??= chooseDevice().finally(() => (first = undefined)));
});

/**
 * Makes this process compute on a device. Models that are there by then move to it; a training under way stays where
 * it began, so choose before the first one. Without a call, `fit`, `score` and `load` take the default.
 *
 * Native code is tried in a separate process first: a second or two, and for the processor only once on a machine.
 *
 * @param name default: the environment's `LATENTLAB_DEVICE`, else `auto`, the first device that passes its self-test. One
 *   that was named is never replaced silently.
 * @throws {DeviceError} when there is no such device, or it cannot be used; the message says why
 */
export function chooseDevice(name: DeviceName | (string & {}) = fromEnvironment()): Promise<Device> {
  const choice = choosing.catch(() => {}).then(() => taken(name));
  choosing = choice;
  return choice;
}

async function taken(name: string): Promise<Device> {
  chosen = await take(name);
  const missed = chosen.rungs.find((rung) => rung.name === NATIVE)!;
  // Everybody can have it, and nobody looks for why a training is slow where none says that it is.
  if (name === 'auto' && !chosen.gpu && missed.status === 'unusable') {
    process.emitWarning(`LatentLab runs on ${chosen.name}, which is slow; ${NATIVE} cannot be used: ${missed.reason}`);
  }
  return chosen;
}

/**
 * The device that this process computes on, and why it was chosen.
 *
 * @throws {DeviceError} before there is one
 */
export function device(): Device {
  if (chosen) return chosen;
  const advice = 'call await chooseDevice() first; fit, score and load choose one by themselves';
  throw new DeviceError(`No device has been chosen in this process: ${advice}.`);
}

function fromEnvironment(): string {
  return process.env['LATENTLAB_DEVICE'] || 'auto';
}

/** Whether the program has given tfjs a backend itself, with `tf.setBackend` or a package that brings one: that stays. */
function hasOwnBackend(): boolean {
  return ![undefined, '', BEFORE].includes(tf.getBackend());
}
