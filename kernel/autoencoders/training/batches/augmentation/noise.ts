import { z } from 'zod';
import { checkedConfig } from '../../../config';
import type { Augmentation } from './augmentation';

/** Options of {@link noise}. */
export interface NoiseOptions {
  /** The standard deviation, in units of the values. */
  sigma: number;
}

const schema = z.strictObject({ sigma: z.number().gt(0) });

/**
 * Adds draws from N(0, σ²) to every value. Values stay within what the model's likelihood is defined for: those that would
 * leave it are put to its bound.
 */
export function noise(options: NoiseOptions): Augmentation {
  const checked = checkedConfig('noise', schema, options);
  return {
    name: 'noise',
    options: checked,
    apply({ values, support }, random) {
      const { low, high } = support ?? { low: -Infinity, high: Infinity };
      const draws = random.normals(values.length);
      // Missing values stay so: neither bound is above or below NaN.
      return values.map((value, i) => {
        const moved = value + checked.sigma * draws[i]!;
        return moved < low ? low : moved > high ? high : moved;
      });
    },
  };
}
