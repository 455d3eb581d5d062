/** Fields of models with quantised latents: plain data, checked and completed with defaults. */
import { z } from 'zod';
import { widthOf } from '../samples';
import type { SampleShape } from '../samples';
import { SIMILARITIES } from './codebook';
import type { Similarity } from './codebook';
import { Part } from '../parts/part';
import { ESTIMATORS } from './estimators';
import type { Estimator } from './estimators';
import { quantizerSchema } from './ownQuantizer';
import type { QuantizerPart } from './ownQuantizer';

/** The fields of a codebook and its loss. */
export interface CodebookFields {
  /** K, the size of the codebook. Default 512. */
  codebookSize?: number;
  /** D, the dimensions of a code. Default 64. */
  codeDimension?: number;
  /**
   * β, the weight of the commitment loss, which is summed over the D values of a code as the reconstruction is over the d
   * of a sample. Default .25 · d/D, which is .25 where both are means: {@link commitmentDefault}.
   */
  commitment?: number;
  /** γ of the codebook's moving averages. Default 0.99. */
  decay?: number;
  /** ε of their Laplace smoothing. Default 1e-5. */
  epsilon?: number;
  /** Codes used less than this share of the mean are moved to a vector of the batch. Default 0.2; 0: never. */
  reviveBelow?: number;
}

/** The fields of a codebook that follows moving averages. */
export interface AveragedCodebookFields extends CodebookFields {
  /** Draws of N(0, I), or `kmeans` of encoded training data before the first step; see {@link VectorQuantizerConfig}. */
  initialization?: 'auto' | 'normal' | 'kmeans';
}

/** Vectors of a codebook that is learned (van den Oord et al. 2017); each field is one known variation. */
export interface VectorQuantizerConfig {
  kind: 'vector';
  /** Whether codes follow moving averages, or the gradient of the `codebook` term. Default `ema`. */
  learning?: 'ema' | 'gradient';
  /** How the gradient passes the codes: `straight-through`, or the rotation trick. Default `straight-through`. */
  estimator?: Estimator;
  /**
   * Draws of N(0, I), or `kmeans` of encoded training data before the first step. Default `auto`: k-means where the data
   * give as many vectors as there are codes, normal draws elsewhere.
   */
  initialization?: 'auto' | 'normal' | 'kmeans';
  /** `cosine`: vectors and codes are scaled to norm 1 (Yu et al. 2022, section 3.2). Default `euclidean`. */
  similarity?: Similarity;
  /**
   * Dimensions that vectors are projected to for the look-up and back from afterwards (same source). Default null:
   * none.
   */
  projection?: number | null;
  /** S: each stage codes what the stages before it left (Zeghidour et al. 2021). Default 1. */
  stages?: number;
  /** Weight λ of the `entropy` term, which spreads vectors over the codes. Default 0: no such term. */
  entropyWeight?: number;
  /** τ of the entropy's soft assignment, in units of a squared distance. Default 1. */
  temperature?: number;
}

/** A fixed grid: every dimension rounded to one of a few levels (Mentzer et al. 2023). Nothing to learn. */
export interface FiniteScalarQuantizerConfig {
  kind: 'finiteScalar';
  /** L, the levels of each dimension. There are D of these numbers, and their product is K. */
  levels: readonly number[];
}

/** The sign of every dimension (Yu et al. 2023, Language Model Beats Diffusion, section 3.1). */
export interface LookupFreeQuantizerConfig {
  kind: 'lookupFree';
  /** D, and log₂ K. */
  bits: number;
  /** Weight λ of the `entropy` term. Default 0.1. */
  entropyWeight?: number;
  /** τ of the entropy's soft assignment. Default 1. */
  temperature?: number;
}

/** How vectors are quantised: by a codebook, by levels of each value, or by signs. */
export type QuantizerConfig = VectorQuantizerConfig | FiniteScalarQuantizerConfig | LookupFreeQuantizerConfig;

/** The fields of quantised models. The codebook's fields are allowed only with the quantizers that know them. */
export interface QuantizedFields extends CodebookFields {
  /** Which codes there are, and how they are learned; or a part of your own. Default `{ kind: 'vector' }`. */
  quantizer?: QuantizerConfig | QuantizerPart;
}

const codebookChecks = {
  codebookSize: z.int().min(2),
  codeDimension: z.int().min(1),
  commitment: z.number().min(0),
  decay: z.number().min(0).lt(1),
  epsilon: z.number().positive(),
  reviveBelow: z.number().min(0).lt(1),
};

/** β of van den Oord et al. 2017 (section 3.2), in means over the values of a sample and of a code. */
const COMMITMENT_OF_MEANS = 0.25;

/**
 * The default of β. In van den Oord et al. 2017, equation 3,
 *
 * $$L = \log p(x|z_q) + \|\mathrm{sg}[z_e] - e\|^2 + \beta\,\|z_e - \mathrm{sg}[e]\|^2, \qquad \beta = .25,$$
 *
 * the norms are computed as means: over the d values of a sample and over the D of a code (their code in Sonnet, and all
 * that follow it). Here both are sums, so that the loss is d times theirs: their β multiplies a mean over D, d β/D a sum.
 * With β itself the encoder would be tied to its codes d/D times too weakly, and the norms of z_e would run away.
 *
 * @param d values of a sample
 * @param D values of a code, in the space where it is looked up
 */
export function commitmentDefault(d: number, D: number): number {
  return (COMMITMENT_OF_MEANS * d) / D;
}

const CODEBOOK_DEFAULTS: Required<Omit<CodebookFields, 'commitment'>> = {
  codebookSize: 512,
  codeDimension: 64,
  decay: 0.99,
  epsilon: 1e-5,
  reviveBelow: 0.2,
};

const initialization = z.enum(['auto', 'normal', 'kmeans']);

/** {@link AveragedCodebookFields} for a schema: any model whose codebooks follow moving averages. */
export const averagedCodebookFields = {
  codebookSize: codebookChecks.codebookSize.default(CODEBOOK_DEFAULTS.codebookSize),
  codeDimension: codebookChecks.codeDimension.default(CODEBOOK_DEFAULTS.codeDimension),
  commitment: codebookChecks.commitment.optional(),
  decay: codebookChecks.decay.default(CODEBOOK_DEFAULTS.decay),
  epsilon: codebookChecks.epsilon.default(CODEBOOK_DEFAULTS.epsilon),
  reviveBelow: codebookChecks.reviveBelow.default(CODEBOOK_DEFAULTS.reviveBelow),
  initialization: initialization.default('auto'),
};

const entropy = { entropyWeight: z.number().min(0), temperature: z.number().positive().default(1) };

const vector = z
  .strictObject({
    kind: z.literal('vector'),
    learning: z.enum(['ema', 'gradient']).default('ema'),
    estimator: z.enum(ESTIMATORS).default('straight-through'),
    initialization: initialization.default('auto'),
    similarity: z.enum(SIMILARITIES).default('euclidean'),
    projection: z.int().min(1).nullable().default(null),
    stages: z.int().min(1).default(1),
    ...entropy,
    entropyWeight: entropy.entropyWeight.default(0),
  })
  .superRefine(({ similarity, stages }, context) => {
    // What a stage leaves of a vector of norm 1 has another norm.
    if (similarity === 'cosine' && stages > 1) {
      const message = 'allowed: 1 beside similarity "cosine"';
      context.addIssue({ code: 'custom', path: ['stages'], message });
    }
  });

/** Beyond these, an index or the table of all codes would not fit float32 or memory. */
const [MOST_CODES, MOST_BITS] = [2 ** 20, 14];

const finiteScalar = z
  .strictObject({ kind: z.literal('finiteScalar'), levels: z.array(z.int().min(2)).min(1).readonly() })
  .superRefine(({ levels }, context) => {
    if (product(levels) <= MOST_CODES) return;
    const message = `allowed: levels whose product is at most ${MOST_CODES}`;
    context.addIssue({ code: 'custom', path: ['levels'], message });
  });

const lookupFree = z.strictObject({
  kind: z.literal('lookupFree'),
  bits: z.int().min(1).max(MOST_BITS),
  ...entropy,
  entropyWeight: entropy.entropyWeight.default(0.1),
});

const known = z.discriminatedUnion('kind', [vector, finiteScalar, lookupFree], {
  error:
    'expected { kind: "vector", … }, { kind: "finiteScalar", levels }, { kind: "lookupFree", bits } or a part that ' +
    'defineQuantizer made',
});
const own = quantizerSchema();

export type CheckedQuantizer = z.output<typeof known> | QuantizerPart;

/** One of the library's quantizers by its kind, or one of your own: a part, or its name with options. */
const quantizer = z.unknown().transform((given, context): CheckedQuantizer => {
  const isOwn = given instanceof Part || (typeof given === 'object' && given !== null && 'name' in given);
  const result = (isOwn ? own : known).safeParse(given);
  if (result.success) return result.data;
  context.issues.push(...(result.error.issues as typeof context.issues));
  return z.NEVER;
});

/** {@link QuantizedFields} for a schema, which {@link codebookFits} then refines. */
export const quantizedFields = {
  ...z.strictObject(codebookChecks).partial().shape,
  quantizer: quantizer.prefault({ kind: 'vector' }),
};

interface Checked {
  quantizer: CheckedQuantizer;
}

/** {@link QuantizedFields} after their check: the codebook's fields are there where its quantizer knows them. */
export type CheckedQuantized = Checked & { [Field in keyof CodebookFields]: number | undefined };

/** Adds an issue for every field of the codebook that the quantizer does not know. */
export function codebookFits(config: CheckedQuantized, context: z.RefinementCtx): void {
  const known = knownFields(config.quantizer);
  for (const field of FIELDS) {
    if (config[field] === undefined || known.includes(field)) continue;
    context.addIssue({ code: 'custom', path: [field], message: notBeside(config.quantizer, field) });
  }
}

/** The configuration with the codebook's fields that its quantizer knows, given or by default. */
export function withCodebook<C extends CheckedQuantized & { input: SampleShape }>(config: C): C {
  const defaults = codebookOf(config);
  const known = knownFields(config.quantizer).map((field) => [field, config[field] ?? defaults[field]]);
  return { ...config, ...(Object.fromEntries(known) as CodebookFields) };
}

/** The fields of a configuration that say what is quantised how, as far as they are there. */
export function quantizedPart(config: CheckedQuantized): QuantizedFields {
  const given = FIELDS.filter((field) => config[field] !== undefined).map((field) => [field, config[field]]);
  return { quantizer: config.quantizer, ...(Object.fromEntries(given) as CodebookFields) };
}

/** The codebook's fields as they are, with defaults where none are known. */
export function codebookOf(config: CheckedQuantized & { input: SampleShape }): Required<CodebookFields> {
  const commitment = commitmentDefault(widthOf(config.input), comparedDimensionOf(config));
  const defaults = { ...CODEBOOK_DEFAULTS, commitment };
  const all = FIELDS.map((field) => [field, config[field] ?? defaults[field]]);
  return Object.fromEntries(all) as unknown as Required<CodebookFields>;
}

/** D of the vectors that a model with this configuration quantises. */
export function codeDimensionOf(config: CheckedQuantized): number {
  if (config.quantizer instanceof Part) return config.quantizer.definition.dimensions;
  switch (config.quantizer.kind) {
    case 'vector':
      return config.codeDimension ?? CODEBOOK_DEFAULTS.codeDimension;
    case 'finiteScalar':
      return config.quantizer.levels.length;
    case 'lookupFree':
      return config.quantizer.bits;
  }
}

/** D of the space where vectors and codes are compared; the commitment is summed over these dimensions. */
export function comparedDimensionOf(config: CheckedQuantized): number {
  const { quantizer } = config;
  if (quantizer instanceof Part) return quantizer.definition.dimensions;
  return (quantizer.kind === 'vector' ? quantizer.projection : null) ?? codeDimensionOf(config);
}

export function product(factors: readonly number[]): number {
  return factors.reduce((whole, factor) => whole * factor, 1);
}

const FIELDS = Object.keys(codebookChecks) as (keyof CodebookFields)[];
const OF_AVERAGES: readonly string[] = ['decay', 'epsilon', 'reviveBelow'];

function knownFields(config: CheckedQuantizer): (keyof CodebookFields)[] {
  if (config instanceof Part) return [];
  switch (config.kind) {
    case 'vector':
      return config.learning === 'ema' ? FIELDS : FIELDS.filter((field) => !OF_AVERAGES.includes(field));
    case 'finiteScalar':
      return [];
    case 'lookupFree':
      return ['commitment'];
  }
}

function notBeside(quantizer: CheckedQuantizer, field: string): string {
  if (quantizer instanceof Part)
    return `allowed only with quantizer.kind "vector"; "${quantizer.name}" has its own options`;
  const { kind } = quantizer;
  if (kind === 'vector') return 'allowed only with quantizer.learning "ema"';
  return `allowed only with quantizer.kind ${field === 'commitment' ? '"vector" or "lookupFree"' : '"vector"'}`;
}
