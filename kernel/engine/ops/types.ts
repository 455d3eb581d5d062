/** What is known of a tensor before it is computed. */
import { backend_util } from '@tensorflow/tfjs';

/** Element types that a program may hold. */
export type Dtype = 'float32' | 'int32' | 'bool';

export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
}

export function sizeOf({ shape }: Pick<TensorType, 'shape'>): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function float32(shape: readonly number[]): TensorType {
  return { shape, dtype: 'float32' };
}

/** The shape that both have once they are broadcast. @throws when they cannot be */
export function broadcast(a: TensorType, b: TensorType): number[] {
  return backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
}

const WIDTH: Record<Dtype, number> = { bool: 0, int32: 1, float32: 2 };

/** The type that holds both, as tfjs upcasts. */
export function wider(a: Dtype, b: Dtype): Dtype {
  return WIDTH[a] >= WIDTH[b] ? a : b;
}
