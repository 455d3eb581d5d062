import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EagerStep } from '../../../../kernel/engine/runtimes/eager';
import { DeviceBuffer } from '../../../../kernel/engine/runtimes/pjrt/buffer';
import { Client } from '../../../../kernel/engine/runtimes/pjrt/client';
import type { Elements } from '../../../../kernel/engine/trace/program';
import { useWasm } from '../backends';
import { RUNTIMES } from '../everyRuntime';
import { A_WEIGHT, adversarialSteps, batch } from '../fixtures/adversarialSteps';
import { sayWithoutPlugin, xlaClient, PLUGIN } from '../xlaPlugin';

beforeAll(useWasm);
afterEach(() => tf.disposeVariables());

const TOLERANCE = 1e-5;

/** The weights that JavaScript copies, sends to a device or brings back from it while this works, in elements. */
async function weightsCopied(work: () => Promise<unknown>): Promise<number> {
  let elements = 0;
  const count = (of: ArrayLike<number>) => {
    if (of instanceof Float32Array && of.length >= A_WEIGHT) elements += of.length;
  };
  const arrays = Object.getPrototypeOf(Float32Array.prototype) as Float32Array;
  const { set, slice } = arrays;
  const { upload } = Client.prototype;
  const { read, readNow } = DeviceBuffer.prototype;
  arrays.set = function (this: Float32Array, from, at) {
    count(from);
    set.call(this, from, at);
  };
  arrays.slice = function (this: Float32Array, from, to) {
    const made = slice.call(this, from, to);
    count(made);
    return made;
  };
  Client.prototype.upload = function (this: Client, given: Elements, ...rest) {
    count(given);
    return upload.call(this, given, ...rest);
  };
  DeviceBuffer.prototype.read = async function (this: DeviceBuffer) {
    const found = await read.call(this);
    count(found);
    return found;
  };
  DeviceBuffer.prototype.readNow = function (this: DeviceBuffer) {
    const found = readNow.call(this);
    count(found);
    return found;
  };
  try {
    await work();
    return elements;
  } finally {
    Object.assign(arrays, { set, slice });
    Object.assign(Client.prototype, { upload });
    Object.assign(DeviceBuffer.prototype, { read, readNow });
  }
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const off = Math.hypot(...Array.from(expected, (value, i) => value - found[i]!));
  expect(off, what).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.hypot(...Array.from(expected))));
}

const TRACED = RUNTIMES.filter(([name]) => name !== 'operation by operation');

describe.each(TRACED)('steps that share variables, %s,', (name, create) => {
  it('are those of eager steps', async () => {
    const traced = adversarialSteps(create);
    const eager = adversarialSteps((definition) => new EagerStep(definition));
    for (let t = 0; t < 6; t++) {
      const [found, expected] = [await traced.round(t), await eager.round(t)];
      expected.forEach(({ losses, gradientNorm }, i) => {
        expectClose(Object.values(found[i]!.losses), Object.values(losses), `losses of step ${i} in round ${t}`);
        expectClose([found[i]!.gradientNorm], [gradientNorm], `gradient of step ${i} in round ${t}`);
      });
    }
    const values = traced.values();
    for (const [variable, expected] of Object.entries(eager.values()))
      expectClose(values[variable]!, expected, variable);
    traced.dispose();
    eager.dispose();
  });

  it('copy no weight that one trains and others read', async () => {
    const { round, dispose } = adversarialSteps(create);
    // The first rounds bring everything in, and compile; from the third run on XLA compiles its series.
    for (let t = 0; t < 3; t++) await round(t);
    const rounds = 5;
    const copied = await weightsCopied(async () => {
      for (let t = 0; t < rounds - 1; t++) await round(t);
      // A smaller batch, which is recorded anew.
      await round(rounds, 3);
    });
    // The fused optimizers of the processor have a memory each: a weight that two of them train goes over and back.
    expect(copied).toBe(name === 'traced, weights updated in place' ? rounds * 2 * A_WEIGHT : 0);
    dispose();
  });

  it('see what is assigned to a variable, whoever trains it', async () => {
    const [traced, eager] = [adversarialSteps(create), adversarialSteps((definition) => new EagerStep(definition))];
    for (const model of [traced, eager]) {
      for (let t = 0; t < 2; t++) await model.round(t);
      const { encoder, discriminator } = model.variables;
      tf.tidy(() => {
        encoder.assign(encoder.mul(0.5));
        discriminator.assign(discriminator.neg());
      });
      for (let t = 2; t < 4; t++) await model.round(t);
    }
    const values = traced.values();
    for (const [variable, expected] of Object.entries(eager.values()))
      expectClose(values[variable]!, expected, variable);
    traced.dispose();
    eager.dispose();
  });

  it('leave the variables their values, whichever is disposed of first', async () => {
    for (const order of [
      ['reconstruct', 'discriminate', 'regularize'],
      ['regularize', 'discriminate', 'reconstruct'],
    ] as const) {
      const { round, steps, values } = adversarialSteps(create);
      await round(0);
      const before = values();
      steps[order[0]].dispose();
      expect(values()).toEqual(before);
      // The others go on: without the first, what it trained stays as it is.
      const inputs = batch(1);
      await steps[order[1]].run(inputs);
      const after = values();
      expect(after['decoder']).toEqual(before['decoder']);
      expect(after['encoder']).toEqual(before['encoder']);
      expect(after['discriminator']).not.toEqual(before['discriminator']);
      steps[order[1]].dispose();
      steps[order[2]].dispose();
      tf.dispose(inputs.tensors);
      expect(values()).toEqual(after);
    }
  });
});

describe.runIf(PLUGIN)('steps that share variables by XLA', () => {
  it('leave nothing on the device', async () => {
    const { resources } = await xlaClient();
    const before = resources.count;
    const [, create] = RUNTIMES.at(-1)!;
    const { round, dispose } = adversarialSteps(create);
    for (let t = 0; t < 2; t++) await round(t);
    expect(resources.count).toBeGreaterThan(before);
    dispose();
    expect(resources.count).toBe(before);
  });
});

sayWithoutPlugin('steps that share variables by XLA');
