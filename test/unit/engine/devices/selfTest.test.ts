import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { prove } from '../../../../kernel/engine/devices/proof';
import { RUNGS } from '../../../../kernel/engine/devices/rungs';
import { expectedStep, selfTest } from '../../../../kernel/engine/devices/selfTest';
import type { Lowering } from '../../../../kernel/engine/lower/onnx/lowering';
import { LOWERINGS } from '../../../../kernel/engine/lower/onnx/table';
import { useWasm } from '../backends';

beforeAll(useWasm);

const cpuRung = RUNGS.find(({ name }) => name === 'cpu')!;

describe('the self-test', () => {
  it('knows a step that lowers the loss as the float64 gradient says', () => {
    expect(expectedStep().every((value) => Number.isFinite(value) && Math.abs(value) < 2)).toBe(true);
  });

  it.each(['eager', 'cpu'] as const)('passes where the runtime %s computes right', async (runtime) => {
    await selfTest(1e-5, runtime);
    await expect(selfTest(1e-12, runtime)).rejects.toThrow(/off by .* more than the 1e-12 allowed/);
  });

  it('fails on a backend that computes wrong, or gives no numbers', async () => {
    await tf.setBackend('cpu');
    const sigmoid = tf.getKernel('Sigmoid', 'cpu')!;
    try {
      for (const value of [0.4, NaN]) {
        tf.unregisterKernel('Sigmoid', 'cpu');
        tf.registerKernel({
          ...sigmoid,
          kernelFunc: ({ inputs }) => tf.engine().makeTensorFromTensorInfo(tf.fill(inputs['x']!.shape, value)),
        });
        await expect(selfTest(1e-5, 'eager')).rejects.toThrow('its training step is off');
      }
    } finally {
      tf.unregisterKernel('Sigmoid', 'cpu');
      tf.registerKernel(sigmoid);
      await tf.setBackend('wasm');
    }
  });

  it('fails on a runtime whose graph computes something else', async () => {
    const table: Record<string, Lowering> = LOWERINGS;
    const sigmoid = table['Sigmoid']!;
    table['Sigmoid'] = table['Tanh']!;
    try {
      await expect(selfTest(1e-5, 'cpu')).rejects.toThrow('its training step is off');
    } finally {
      table['Sigmoid'] = sigmoid;
    }
  });

  it('turns a failing load into the reason', async () => {
    const rung = { ...cpuRung, load: () => Promise.reject(new Error('no driver\n  at depth')) };
    expect(await prove(rung)).toEqual({ usable: false, reason: 'no driver' });
  });
});
