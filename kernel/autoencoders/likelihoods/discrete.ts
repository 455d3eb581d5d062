import { z } from 'zod';
import { checkedConfig } from '../config';
import { DiscretizedLogisticMixture, LevelCategorical } from '../distributions/index';
import { defineBuiltLikelihood } from './likelihood';
import type { Support } from './likelihood';

/** Options of {@link categorical}. */
export interface CategoricalOptions {
  /** How many grey levels there are between 0 and 1. Default 256. */
  levels?: number;
}

/** Options of {@link logisticMixture}. */
export interface LogisticMixtureOptions {
  /** K, logistic components for each value. Default 10. */
  components?: number;
  /** How many grey levels there are between 0 and 1. Default 256. */
  levels?: number;
}

const levels = z.int().min(2).default(256);
const categoricalSchema = z.strictObject({ levels });
const mixtureSchema = z.strictObject({ components: z.int().min(1).default(10), levels });

const categoricalPart = defineBuiltLikelihood(
  'categorical',
  (given: CategoricalOptions) => {
    const { levels } = checkedConfig('categorical', categoricalSchema, given);
    return {
      words: `categorical of ${levels} levels`,
      perValue: levels,
      support: levelsBetween('a categorical'),
      of: (rows) => new LevelCategorical(rows, levels),
    };
  },
  categoricalSchema,
);

const mixturePart = defineBuiltLikelihood(
  'logisticMixture',
  (given: LogisticMixtureOptions) => {
    const { components, levels } = checkedConfig('logisticMixture', mixtureSchema, given);
    return {
      words: `mixture of ${components} discretised logistics`,
      perValue: 3 * components,
      support: levelsBetween('a logistic mixture'),
      of: (rows) => new DiscretizedLogisticMixture(rows, components, levels),
    };
  },
  mixtureSchema,
);

/** A choice among grey levels for each value, each level for itself: see {@link LevelCategorical}. */
export function categorical(options: CategoricalOptions | number = {}) {
  return categoricalPart(typeof options === 'number' ? { levels: options } : options);
}

/** A mixture of discretised logistics for each value: see {@link DiscretizedLogisticMixture}. */
export function logisticMixture(options: LogisticMixtureOptions | number = {}) {
  return mixturePart(typeof options === 'number' ? { components: options } : options);
}

function levelsBetween(likelihood: string): Support {
  const reason = `${likelihood} likelihood has its levels there; scale the data, or use likelihood "gaussian"`;
  return { low: 0, high: 1, reason };
}
