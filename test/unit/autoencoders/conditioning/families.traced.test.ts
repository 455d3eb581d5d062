import * as tf from '@tensorflow/tfjs';
import { describeTracedSteps } from '../../engine/tracedIsEager';
import type { Common } from '../../engine/tracedIsEager';
import { AUTOENCODERS, CONDITIONS, tdVae, valuesOf } from './families';
import type { Conditions } from './families';

/** Some of the losses are steep, and Adam divides gradients that are nearly zero by themselves. */
function steady({ seed, optimizer }: Common): Common {
  return { seed, optimizer: { ...optimizer, clipNorm: 1, ...(optimizer.name === 'adam' && { epsilon: 1e-3 }) } };
}

const gaps = (batch: number, width: number, step: number) => tf.tensor2d(valuesOf(batch, width, true, step));

function families(name: string, conditions: Conditions) {
  const all = Object.entries({ ...AUTOENCODERS, 'TD-VAE': tdVae });
  const models = all.map(([family, create]) => {
    return [`${family}, ${name}`, (common: Common) => create({ ...steady(common), ...conditions })] as const;
  });
  return Object.fromEntries(models);
}

for (const [name, conditions] of CONDITIONS) {
  const [data, both] = [conditions.missing ? gaps : undefined, name === 'both'];
  describeTracedSteps(families(name, conditions), data, both ? undefined : [[5, { name: 'adam' }]], both ? 1 : 3);
}
