/** The codes of one level of several: a codebook of moving averages, or a quantizer of your own. */
import type * as tf from '@tensorflow/tfjs';
import { named } from '../../../engine/index';
import { ConfigurationError } from '../../config';
import { stopGradient as sg } from '../../networks/gradients/stopGradient';
import { uniform } from '../../noise';
import type { Draws } from '../../noise';
import type { Term } from '../../objectives/terms';
import { averagesNamed, EMACodebook } from '../../quantizers/emaCodebook';
import { startByKmeans } from '../../quantizers/kmeans';
import type { StartVectors } from '../../quantizers/kmeans';
import { nearestCodes } from '../../quantizers/nearest';
import { OwnQuantizer } from '../../quantizers/ownQuantizer';
import type { QuantizerPart } from '../../quantizers/ownQuantizer';
import { commitment, meanReductions } from '../../quantizers/terms';
import { gatherRows, mapRows, widthOf } from '../../samples';
import type { CheckedVQVAE2Config } from './vqvae2Config';

type Variables = Readonly<Record<string, tf.Variable>>;

/** What a level makes of m vectors. */
export interface LevelQuantized {
  /** The vectors: [m, D]. */
  zE: tf.Tensor2D;
  /** What the decoder sees, with a gradient to the vectors: [m, D]. */
  quantized: tf.Tensor2D;
  /** int32 [m]. */
  k: tf.Tensor1D;
  /** The codes themselves: [m, D], without a gradient. */
  e: tf.Tensor2D;
  /** Terms by name: those of the level. */
  terms: Readonly<Record<string, Term>>;
  /** New values of the state. */
  updated(noise: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor>;
}

/** A level's codes. */
export interface LevelCodebook {
  readonly parameters: Variables;
  readonly state: Variables;
  noise(): Draws;
  quantize(zE: tf.Tensor2D): LevelQuantized;
  /** int32 [m] → [m, D]. */
  lookup(k: tf.Tensor1D): tf.Tensor2D;
  /** Starts the codes from encoded samples, before the first step. */
  start(from: StartVectors): Promise<void>;
}

/** The codes of a level, as the configuration says. @throws {ConfigurationError} for several codes of one vector */
export function levelCodebook(level: string, config: CheckedVQVAE2Config): LevelCodebook {
  return config.quantizer ? ownCodebook(level, config, config.quantizer) : averagedCodebook(level, config);
}

function averagedCodebook(level: string, config: CheckedVQVAE2Config): LevelCodebook {
  const name = `codebook.${level}`;
  const codebook = new EMACodebook({ ...config, name });
  const symbols = { vector: `z_e^{\\text{${level}}}`, code: `e^{\\text{${level}}}` };
  return {
    parameters: {},
    state: averagesNamed<tf.Variable>(name, codebook),
    noise: () => ({ [`${level}Picks`]: uniform([config.codebookSize]) }),
    quantize(zE) {
      const codes = named(name, () => nearestCodes(codebook, zE));
      const term = commitment(codes.distance, config.commitment, symbols);
      const means = meanReductions(widthOf(config.input), config.codeDimension);
      return {
        ...codes,
        terms: {
          [`${level}Commitment`]: {
            ...term,
            meaning: `for the ${level}'s codes: ${term.meaning}`,
            meanReductions: means,
          },
        },
        updated: (noise) => averagesNamed(name, codes.updated(noise[`${level}Picks`] as tf.Tensor1D)),
      };
    },
    lookup: (k) => codebook.lookup(k),
    start: (from) => startByKmeans(codebook, config, from),
  };
}

function ownCodebook(level: string, { seed }: CheckedVQVAE2Config, part: QuantizerPart): LevelCodebook {
  const quantizer = new OwnQuantizer(part, { seed, name: `quantizer.${level}` });
  if (quantizer.stages !== 1) {
    throw new ConfigurationError('VQVAE2', [
      `the quantizer "${part.name}" gives ${quantizer.stages} codes for a vector, expected one`,
    ]);
  }
  const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
  return {
    parameters: quantizer.parameters,
    state: quantizer.state,
    noise: () => quantizer.noise(),
    quantize(zE) {
      const { quantized, indices, terms, updates } = named(`quantizer.${level}`, () => quantizer.quantize(zE));
      const ofLevel = Object.entries(terms).map(([name, term]) => [`${level}${capital(name)}`, term]);
      return {
        zE,
        quantized,
        k: indices.flatten(),
        e: sg(() => quantizer.lookup(indices).clone()),
        terms: Object.fromEntries(ofLevel) as Record<string, Term>,
        updated: updates,
      };
    },
    lookup: (k) => quantizer.lookup(k.expandDims<tf.Tensor2D>(1)),
    async start({ samples, expected, positions, vectors, stream }) {
      if (quantizer.startsFrom === 0) return;
      const wanted = Math.min(samples.length, Math.ceil(quantizer.startsFrom / positions));
      const chosen = stream.permutation(samples.length).subarray(0, wanted);
      const rows = mapRows(gatherRows(samples, chosen), expected, vectors);
      const z = rows.reshape<tf.Tensor2D>([-1, quantizer.dimensions]);
      rows.dispose();
      try {
        await quantizer.start(z, stream);
      } finally {
        z.dispose();
      }
    },
  };
}
