/** Priors that are known by their draws alone, as adversarial autoencoders need them. */
import { z } from 'zod';
import { meant } from '../../../engine/index';
import type { RandomStream } from '../../random';

/** Gaussians on a circle as the prior of an {@link AdversarialAutoencoder}, a component a class. */
export interface GaussianMixturePrior {
  /** Which prior it is. */
  prior: 'gaussianMixture';
  /** Components, of equal weight, with means on a circle in the first two dimensions. Default 10. */
  components?: number;
  /** The radius of the circle. Default 4. */
  radius?: number;
  /** Standard deviation of every component along its radius and in the dimensions above the second. Default 0.5. */
  along?: number;
  /** Standard deviation along the circle. Default 0.2. */
  across?: number;
}

/** A spiral in two dimensions as the prior of an {@link AdversarialAutoencoder}. */
export interface SwissRollPrior {
  /** Which prior it is. */
  prior: 'swissRoll';
  /** Turns of the spiral. Default 2. */
  turns?: number;
  /** The radius of the spiral's outer end; the spiral starts from 0. Default 4. */
  radius?: number;
  /** Standard deviation of the Gaussian noise in both dimensions. Default 0.1. */
  noise?: number;
}

/** N(0, I), or what Makhzani et al. 2015 impose in figures 2 to 4. */
export type LatentPrior = 'gaussian' | GaussianMixturePrior | SwissRollPrior;

const positive = z.number().positive();

export const latentPriorSchema = z.union(
  [
    z.literal('gaussian'),
    z.strictObject({
      prior: z.literal('gaussianMixture'),
      components: z.int().min(1).default(10),
      radius: positive.default(4),
      along: positive.default(0.5),
      across: positive.default(0.2),
    }),
    z.strictObject({
      prior: z.literal('swissRoll'),
      turns: positive.default(2),
      radius: positive.default(4),
      noise: positive.default(0.1),
    }),
  ],
  {
    error: ({ input }) => {
      const word = typeof input === 'object' && input !== null && 'prior' in input ? input.prior : input;
      const expected = 'expected "gaussian", { prior: "gaussianMixture", … } or { prior: "swissRoll", … }';
      return expected + meant(word, ['gaussian', 'gaussianMixture', 'swissRoll']);
    },
  },
);

type CheckedPrior = z.output<typeof latentPriorSchema>;

/** `count` draws of `dimensions` numbers each, row by row. */
export function drawPrior(
  prior: CheckedPrior,
  stream: RandomStream,
  { count, dimensions }: { count: number; dimensions: number },
): Float32Array {
  const normals = stream.normals(count * dimensions);
  if (prior === 'gaussian') return normals;
  for (let i = 0; i < count; i++) {
    const row = normals.subarray(i * dimensions, (i + 1) * dimensions);
    if (prior.prior === 'gaussianMixture') toMixture(row, prior, stream);
    else toSwissRoll(row, prior, stream.uniform());
  }
  return normals;
}

/** Turns a draw of N(0, I) into one of a component, whose longer axis points to the centre. */
function toMixture(row: Float32Array, prior: Required<GaussianMixturePrior>, stream: RandomStream): void {
  const { components, radius, along, across } = prior;
  const angle = (2 * Math.PI * stream.integer(components)) / components;
  const outwards = radius + along * row[0]!;
  const sideways = across * row[1]!;
  row[0] = outwards * Math.cos(angle) - sideways * Math.sin(angle);
  row[1] = outwards * Math.sin(angle) + sideways * Math.cos(angle);
  for (let j = 2; j < row.length; j++) row[j]! *= along;
}

/** A point of the spiral r = radius·t at the angle 2π·turns·t, uniform by area (t = √u), and noise. */
function toSwissRoll(row: Float32Array, { turns, radius, noise }: Required<SwissRollPrior>, u: number): void {
  const t = Math.sqrt(u);
  const angle = 2 * Math.PI * turns * t;
  row[0] = radius * t * Math.cos(angle) + noise * row[0]!;
  row[1] = radius * t * Math.sin(angle) + noise * row[1]!;
}
