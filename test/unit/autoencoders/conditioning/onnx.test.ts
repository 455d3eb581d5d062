import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTOENCODERS, CLASSES, dataOf, numbersOf, tdVae } from './families';

let folder: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(path.join(tmpdir(), 'latentlab-onnx-classes-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ROWS = 5;
const conditions = { classes: CLASSES, missing: true };

async function run(file: string, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(path.join(folder, file));
  const found = (await session.run(feeds)) as Record<string, Tensor>;
  await session.release();
  return found;
}

/** The labels −1, 0, 1, 2 in turns as the files take them: all 0 for a class that is not known. */
function zerosAndOnes(labels: Int32Array): Tensor {
  const y = new Float32Array(labels.length * CLASSES);
  labels.forEach((label, i) => label >= 0 && (y[i * CLASSES + label] = 1));
  return new Tensor(y, [labels.length, CLASSES]);
}

function expectClose(found: Tensor | undefined, expected: number[]): void {
  const scale = Math.max(1e-30, ...expected.map(Math.abs));
  const off = expected.map((value, i) => Math.abs(value - Number(found!.data[i])));
  expect(Math.max(...off) / scale).toBeLessThan(1e-4);
}

describe('ONNX of models that take classes and missing values', () => {
  it.each(Object.entries(AUTOENCODERS))('takes y beside x and z, and NaN: %s', async (name, create) => {
    const model = create(conditions);
    const data = dataOf(ROWS, model, true);
    const y = zerosAndOnes(data.labels!);
    await model.save(path.join(folder, name), { format: 'onnx' });
    const x = new Tensor(Float32Array.from(data.values), [ROWS, data.width]);
    const encoded = model.encode(data);
    const z = new Tensor(Float32Array.from(encoded.dataSync()), encoded.shape);
    const expected = numbersOf(model.reconstruct(data));
    expectClose((await run(path.join(name, 'encoder.onnx'), { x, y }))['z'], numbersOf(encoded));
    expectClose((await run(path.join(name, 'decoder.onnx'), { z, y }))['xHat'], expected);
    expectClose((await run(path.join(name, 'model.onnx'), { x, y }))['xHat'], expected);
    model.dispose();
  });

  it('takes the class of a sequence', async () => {
    const model = tdVae(conditions);
    const data = dataOf(ROWS, model, true);
    const y = zerosAndOnes(data.labels!);
    await model.save(path.join(folder, 'sequences'), { format: 'onnx' });
    const x = new Tensor(Float32Array.from(data.values), [ROWS, 12]);
    expectClose((await run('sequences/belief.onnx', { x, y }))['b'], numbersOf(model.beliefs(data)));
    const [state, labels] = [tf.fill<tf.Rank.R2>([ROWS, 4], 0.2), tf.tensor1d(data.labels!, 'int32')];
    const z = new Tensor(new Float32Array(ROWS * 4).fill(0.2), [ROWS, 4]);
    const mean = numbersOf(model.likelihood(state, labels).mean());
    expectClose((await run('sequences/decoder.onnx', { z, y }))['xHat'], mean);
    const epsilon = new Tensor(new Float32Array(ROWS * 4), [ROWS, 4]);
    const b = new Tensor(new Float32Array(ROWS * 5), [ROWS, 5]);
    const { mu, z: drawn } = await run('sequences/filter.onnx', { b, y, epsilon });
    expect([...(drawn!.data as Float32Array)]).toEqual([...(mu!.data as Float32Array)]);
    model.dispose();
  });
});
