/** A kernel whose trainings an XLA plugin runs: on the processor, where there is one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLUGIN, sayWithoutPlugin } from '../unit/engine/xlaPlugin';
import { describeTrainings } from './describeTrainings';
import { KernelUnderTest } from './kernelUnderTest';

sayWithoutPlugin('trainings of a kernel on XLA');

const env = { LATENTLAB_XLA_CPU: PLUGIN ?? '' };
const TRAIN = `
import { device, fashionMnist, VAE } from 'latentlab';
const data = (await fashionMnist()).take(640);
const model = new VAE({ input: data.shape, latent: 2, hidden: [32], seed: 1 });
const { final } = await model.fit(data, { epochs: 6, batchSize: 64, validation: data.take(100) });
const encoded = (await model.encode(data.take(3)).data()).slice();
console.log(JSON.stringify({ device: device().name, train: final.train, validation: final.validation, encoded: [...encoded] }));`;

interface Trained {
  device: string;
  train: Record<string, number>;
  validation: Record<string, number>;
  encoded: number[];
}

describe.skipIf(!PLUGIN)('a kernel on the XLA plugin for the processor', () => {
  describeTrainings({ device: 'xla-cpu', env });

  describe('beside one on ONNX Runtime', () => {
    let kernels: KernelUnderTest[];

    beforeAll(async () => {
      kernels = [
        await KernelUnderTest.start({ device: 'xla-cpu', env }),
        await KernelUnderTest.start({ device: 'traced-cpu' }),
      ];
    });

    afterAll(async () => {
      for (const kernel of kernels) await kernel.stop();
    });

    it('trains, scores and encodes alike, over sixty steps', async () => {
      const [xla, onnx] = await Promise.all(
        kernels.map(async (kernel) => {
          const { printed, error } = await kernel.run(TRAIN);
          expect(error).toBeUndefined();
          return JSON.parse(printed.map(({ text }) => text).join('')) as Trained;
        }),
      );
      expect([xla!.device, onnx!.device]).toEqual(['xla-cpu', 'traced-cpu']);
      for (const split of ['train', 'validation'] as const) {
        for (const [term, value] of Object.entries(onnx![split])) {
          expect(Math.abs(xla![split][term]! - value), term).toBeLessThan(1e-3 * Math.max(1, Math.abs(value)));
        }
      }
      xla!.encoded.forEach((value, i) => expect(value).toBeCloseTo(onnx!.encoded[i]!, 2));
    });

    it('says in its report what computes', async () => {
      const { text } = await kernels[0]!.run("import { engine } from 'latentlab'; await engine.report()");
      expect(text).toMatch(/xla-cpu +chosen +CPU, XLA \(\$LATENTLAB_XLA_CPU\), float32/);
    });
  });
});
