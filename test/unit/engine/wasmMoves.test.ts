import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tensorOf } from '../../../kernel/engine/runtimes/residence';
import { useWasm } from './backends';

beforeAll(useWasm);

describe('the wasm backend', () => {
  it('takes tensors from elsewhere that do not fit into its memory as it is', async () => {
    // 16 MB each: the memory grows with every one of them, in the middle of one concatenation.
    const parts = [1, 2, 3, 4].map((value) => tensorOf(new Float32Array(4e6).fill(value), [2, 2e6], 'float32'));
    const whole = tf.concat(parts, 0);
    expect([...(await whole.max(1).data())]).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    expect([...(await whole.min(1).data())]).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    tf.dispose([parts, whole]);
  });
});
