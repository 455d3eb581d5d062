import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Ahead, type Taken } from '../../../../../kernel/autoencoders/training/loop/ahead';
import { alive, useWasm } from '../../../engine/backends';

beforeAll(useWasm);

const batch = { values: Float32Array.of(1, 2), labels: null, rows: Int32Array.of(0, 1) };
const taken = async (): Promise<Taken> => ({ batches: [batch], tensors: [{ x: tf.tensor2d([1, 2], [2, 1]) }] });

describe('what the next steps are given', () => {
  it('is made once, for the one that takes it', async () => {
    const ahead = new Ahead();
    expect(ahead.next()).toBeUndefined();
    ahead.begin(taken);
    const { batches, tensors } = await ahead.next()!;
    expect(batches).toEqual([batch]);
    expect([...tensors[0]!['x']!.dataSync()]).toEqual([1, 2]);
    expect(ahead.next()).toBeUndefined();
    tf.dispose([...tensors]);
  });

  it('is freed where nobody takes it', async () => {
    const before = alive();
    const ahead = new Ahead();
    ahead.begin(taken);
    await ahead.drop();
    expect(alive()).toEqual(before);
  });

  it('fails when it is wanted, and not where it is dropped', async () => {
    const ahead = new Ahead();
    const broken = () => Promise.reject(new RangeError('the label 12 is no class'));
    ahead.begin(broken);
    await expect(ahead.next()).rejects.toThrow('the label 12 is no class');
    ahead.begin(broken);
    await ahead.drop();
  });
});
