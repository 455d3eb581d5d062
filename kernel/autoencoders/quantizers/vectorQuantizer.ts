import * as tf from '@tensorflow/tfjs';
import { named } from '../../engine/index';
import { object, takes, tensorOfWidth } from '../arguments';
import { Dense } from '../networks/layers/layers';
import { stopGradient as sg } from '../networks/gradients/stopGradient';
import { uniform } from '../noise';
import type { Draws } from '../noise';
import type { Term } from '../objectives/terms';
import type { RandomStream } from '../random';
import { unit } from './codebook';
import type { CodebookFields, VectorQuantizerConfig } from './config';
import { averagesNamed, EMACodebook } from './emaCodebook';
import { passThrough } from './estimators';
import { GradientCodebook } from './gradientCodebook';
import { kmeansStart, VECTORS_PER_CODE } from './kmeans';
import type { Quantization, Quantizer } from './quantizer';
import { commitment, entropyTerm, towardsVectors } from './terms';
import type { CodeSymbols } from './terms';

type Options = Required<CodebookFields> & Required<VectorQuantizerConfig> & { seed: number };

/** What one stage coded, and how. */
interface Stage {
  /** [m, D']. */
  residual: tf.Tensor2D;
  /** int32 [m]. */
  k: tf.Tensor1D;
}

const ONE_STAGE: CodeSymbols = { vector: 'z_e', code: 'e_k' };
const STAGES: CodeSymbols = { vector: 'r_s', code: 'e_{k_s}', sum: '\\sum_s ' };

/**
 * The nearest vectors of a learned codebook, in one stage (van den Oord et al. 2017) or several; each codes
 * what is left by those before it (Zeghidour et al. 2021, algorithm 1):
 *
 * $$r_1 = z_e, \qquad k_s = \arg\min_j \|r_s - e^{(s)}_j\|, \qquad r_{s+1} = r_s - e^{(s)}_{k_s}, \qquad
 *   q = \sum_s e^{(s)}_{k_s}$$
 *
 * Terms, with sg the stop-gradient, summed over the dimensions of a code and over stages, mean over the m vectors:
 *
 * - `commitment` $\sum_s \|r_s - \mathrm{sg}[e_{k_s}]\|^2$, which moves the encoder to the codes;
 * - `codebook` $\sum_s \|\mathrm{sg}[r_s] - e_{k_s}\|^2$, which moves the codes, where no moving averages do;
 * - `entropy`, {@link entropyLoss} of the first stage, where it has a weight.
 *
 * The default β is .25 · d/D: {@link commitmentDefault}.
 *
 * With a projection, $z_e$ is first mapped to fewer dimensions, and q back to as many, by trained affine maps. With
 * cosine similarity $z_e$ is then scaled to norm 1, as the codes are.
 */
export class VectorQuantizer implements Quantizer {
  readonly codebookSize: number;
  readonly stages: number;
  readonly dimensions: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly state: Readonly<Record<string, tf.Variable>>;
  readonly source: string;
  readonly startsFrom: number;
  private readonly codebooks: (EMACodebook | GradientCodebook)[];
  private readonly projection: { down: Dense; up: Dense } | null;

  constructor(private readonly options: Options) {
    takes('VectorQuantizer', ['options', options, object('codebookSize', 'codeDimension', 'stages', 'learning')]);
    const { codebookSize, codeDimension, stages, learning, initialization } = options;
    this.codebookSize = codebookSize;
    this.stages = stages;
    this.dimensions = codeDimension;
    this.projection = projectionOf(options);
    const names = Array.from({ length: stages }, (_, s) => (stages === 1 ? 'codebook' : `codebook.${s}`));
    const shared = { ...options, codeDimension: options.projection ?? codeDimension };
    this.codebooks = names.map((name) => {
      return learning === 'ema' ? new EMACodebook({ ...shared, name }) : new GradientCodebook({ ...shared, name });
    });
    const held = Object.assign({}, ...this.codebooks.map((codebook, s) => variablesOf(codebook, names[s]!)));
    const projecting = { ...this.projection?.down.parameters, ...this.projection?.up.parameters };
    this.parameters = learning === 'ema' ? projecting : { ...projecting, ...held };
    this.state = learning === 'ema' ? held : {};
    this.source = sourceOf(options);
    this.startsFrom = initialization !== 'normal' ? VECTORS_PER_CODE * codebookSize : 0;
  }

  /** For a codebook of moving averages, what its dead codes are moved to. */
  noise(): Draws {
    return this.options.learning === 'gradient' ? {} : { picks: uniform([this.stages * this.codebookSize]) };
  }

  quantize(zE: tf.Tensor2D): Quantization {
    takes('VectorQuantizer.quantize', ['zE', zE, tensorOfWidth(this.dimensions)]);
    return named('codebook', () => this.quantized(zE));
  }

  private quantized(zE: tf.Tensor2D): Quantization {
    const z = this.projected(zE);
    const stages = this.coded(z);
    // Looked up once for each stage, and with a gradient to a codebook that has one.
    const e = stages.map(({ k }, s) => this.codebooks[s]!.lookup(k));
    const q = sg(() => sumOf(e).clone()) as tf.Tensor2D;
    return {
      quantized: this.unprojected(passThrough(this.options.estimator, z, q)),
      indices: tf.stack(
        stages.map(({ k }) => k),
        1,
      ) as tf.Tensor2D,
      terms: {
        ...this.distances(stages, e),
        ...entropyTerm(z, () => this.codebooks[0]!.codes(), this.options),
      },
      updates: (noise) => this.updates(stages, noise),
    };
  }

  /** What moves codes to what they stand for, where the gradient does that, and what moves vectors to their codes. */
  private distances(stages: readonly Stage[], e: readonly tf.Tensor2D[]): Record<string, Term> {
    const symbols = this.stages === 1 ? ONE_STAGE : STAGES;
    const toVectors = () => sumOf(stages.map(({ residual }, s) => meanSquare(sg(() => residual.clone()).sub(e[s]!))));
    const toCodes = sumOf(stages.map(({ residual }, s) => meanSquare(residual.sub(sg(() => e[s]!.clone())))));
    return {
      ...(this.options.learning === 'gradient' && { codebook: towardsVectors(toVectors(), symbols) }),
      commitment: commitment(toCodes, this.options.commitment, symbols),
    };
  }

  indices(z: tf.Tensor2D): tf.Tensor2D {
    takes('VectorQuantizer.indices', ['z', z, tensorOfWidth(this.dimensions)]);
    const stages = this.coded(this.projected(z));
    return tf.stack(
      stages.map(({ k }) => k),
      1,
    ) as tf.Tensor2D;
  }

  lookup(indices: tf.Tensor2D): tf.Tensor2D {
    takes('VectorQuantizer.lookup', ['indices', indices, tensorOfWidth(this.stages)]);
    const ofStages = tf.unstack(indices, 1) as tf.Tensor1D[];
    return this.unprojected(sumOf(ofStages.map((k, s) => this.codebooks[s]!.lookup(k))));
  }

  codes(): tf.Tensor2D {
    return tf.tidy(() => tf.concat(this.codebooks.map((codebook) => codebook.codes().clone())));
  }

  async start(z: tf.Tensor2D, stream: RandomStream): Promise<void> {
    const { codebookSize, similarity, initialization } = this.options;
    if (initialization === 'auto' && z.shape[0] < codebookSize) return;
    let residual = tf.tidy(() => this.projected(z).clone());
    try {
      for (const codebook of this.codebooks) {
        const codes = await kmeansStart(residual, codebookSize, similarity, stream);
        codebook.restart(codes);
        codes.dispose();
        const rest = tf.tidy(() => residual.sub<tf.Tensor2D>(codebook.lookup(codebook.nearest(residual))));
        residual.dispose();
        residual = rest;
      }
    } finally {
      residual.dispose();
    }
  }

  /** What every stage sees and its codes; the gradient passes the residuals to z. */
  private coded(z: tf.Tensor2D): Stage[] {
    let residual = z;
    return this.codebooks.map((codebook) => {
      const stage = { residual, k: sg(() => codebook.nearest(residual)) };
      residual = residual.sub(sg(() => codebook.lookup(stage.k).clone()));
      return stage;
    });
  }

  private updates(stages: Stage[], noise: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
    const K = this.codebookSize;
    const updated: Record<string, tf.Tensor> = {};
    this.codebooks.forEach((codebook, s) => {
      if (!(codebook instanceof EMACodebook)) return;
      const picks = (noise['picks'] as tf.Tensor1D).slice(s * K, K);
      const name = this.stages === 1 ? 'codebook' : `codebook.${s}`;
      Object.assign(updated, averagesNamed(name, codebook.update(stages[s]!.residual, stages[s]!.k, picks)));
    });
    return updated;
  }

  private projected(z: tf.Tensor2D): tf.Tensor2D {
    const narrow = this.projection ? (this.projection.down.apply(z) as tf.Tensor2D) : z;
    return this.options.similarity === 'cosine' ? unit(narrow) : narrow;
  }

  private unprojected(q: tf.Tensor2D): tf.Tensor2D {
    return this.projection ? (this.projection.up.apply(q) as tf.Tensor2D) : q;
  }
}

function projectionOf({ projection, codeDimension, seed }: Options): { down: Dense; up: Dense } | null {
  if (projection === null) return null;
  const linear = { activation: 'linear', seed } as const;
  return {
    down: new Dense({ ...linear, name: 'quantizer.down', in: codeDimension, out: projection }),
    up: new Dense({ ...linear, name: 'quantizer.up', in: projection, out: codeDimension }),
  };
}

function variablesOf(codebook: EMACodebook | GradientCodebook, name: string): Record<string, tf.Variable> {
  if (codebook instanceof EMACodebook) return averagesNamed<tf.Variable>(name, codebook);
  return { [`${name}.vectors`]: codebook.vectors };
}

function meanSquare(rows: tf.Tensor): tf.Tensor {
  return rows.square().sum(1).mean();
}

function sumOf<T extends tf.Tensor>(terms: T[]): T {
  return terms.reduce((sum, term) => sum.add(term));
}

function sourceOf({ learning, estimator, stages }: Options): string {
  return (
    'van den Oord, Vinyals and Kavukcuoglu 2017, Neural Discrete Representation Learning, equation 3' +
    (learning === 'ema' ? ', appendix A.1' : '') +
    (estimator === 'rotation' ? '; Fifty et al. 2024, Restructuring Vector Quantization with the Rotation Trick' : '') +
    (stages > 1 ? '; Zeghidour et al. 2021, SoundStream, algorithm 1' : '')
  );
}
