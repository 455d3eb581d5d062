import { modelWith, object, sampleInput, takes } from '../arguments';
import { estimate } from '../comparison';
import type { Estimate } from '../comparison';
import { DiagonalGaussian } from '../distributions/index';
import type { GaussianPosterior } from '../distributions/index';
import { defaultSeed, randomStream } from '../random';
import type { SampleInput } from '../samples';

/** Anything with a diagonal Gaussian q(z|x), a `VAE` for example. */
export interface GaussianEncoder {
  /** To be disposed by the caller. */
  posterior(x: SampleInput): GaussianPosterior;
}

/** The mean KL divergence of a data set and its three parts, in nats per sample. */
export interface KlParts {
  /** By the same draws as its parts. */
  kl: Estimate;
  /** I(z; n): at most log N. */
  indexCodeMutualInformation: Estimate;
  /** KL(q(z) ‖ Π_j q(z_j)) in nats. */
  totalCorrelation: Estimate;
  /** Σ_j KL(q(z_j) ‖ p(z_j)) in nats. */
  dimensionWiseKl: Estimate;
}

const LOG_2_PI = Math.log(2 * Math.PI);

/**
 * KL = I(z; n) + total correlation + Σ_j KL(q(z_j) ‖ p(z_j)) (Chen et al. 2018, equation 2), with the aggregated posterior
 * q(z) = 1/N Σ_n q(z|x_n) of all N samples of the data, exactly, in float64. Only the outer mean is by draws, one z for
 * each of `draws` samples.
 *
 * @param options.draws default 500; all samples, if there are fewer. Time grows with draws · N · k
 * @throws TypeError for a posterior whose dimensions are not independent
 */
export async function klParts(
  model: GaussianEncoder,
  data: SampleInput,
  options: { draws?: number; seed?: number } = {},
): Promise<KlParts> {
  takes(
    'klParts',
    ['model', model, modelWith('posterior')],
    ['data', data, sampleInput],
    ['options', options, object()],
  );
  const { draws = 500, seed = defaultSeed() } = options;
  const q = model.posterior(data);
  if (!(q instanceof DiagonalGaussian)) {
    q.dispose();
    throw new TypeError('klParts needs a diagonal posterior; give the model posterior "diagonal".');
  }
  const [N, k] = q.mu.shape;
  const [mu, logVar] = [await q.mu.data(), await q.logVar.data()];
  q.dispose();
  const stream = randomStream(seed, 'KL parts');
  const chosen = stream.permutation(N).subarray(0, Math.min(draws, N));
  const parts = Array.from(chosen, (n) => {
    const z = stream.normals(k).map((epsilon, j) => mu[n * k + j]! + Math.exp(logVar[n * k + j]! / 2) * epsilon);
    return partsAt(z, n, mu, logVar);
  });
  const of = (part: (values: Parts) => number) => estimate(parts.map(part));
  return {
    kl: of(({ own, prior }) => own - prior),
    indexCodeMutualInformation: of(({ own, aggregated }) => own - aggregated),
    totalCorrelation: of(({ aggregated, marginals }) => aggregated - marginals),
    dimensionWiseKl: of(({ marginals, prior }) => marginals - prior),
  };
}

/** Log densities at one z. */
interface Parts {
  /** log q(z|x_n). */
  own: number;
  /** log q(z). */
  aggregated: number;
  /** Σ_j log q(z_j). */
  marginals: number;
  /** log p(z). */
  prior: number;
}

function partsAt(z: Float32Array, n: number, mu: ArrayLike<number>, logVar: ArrayLike<number>): Parts {
  const k = z.length;
  const N = mu.length / k;
  const joint = new LogSum();
  const marginals = Array.from(z, () => new LogSum());
  let own = 0;
  for (let m = 0; m < N; m++) {
    let logDensity = 0;
    for (let j = 0; j < k; j++) {
      const [mean, logVariance] = [mu[m * k + j]!, logVar[m * k + j]!];
      const one = -0.5 * (LOG_2_PI + logVariance + (z[j]! - mean) ** 2 * Math.exp(-logVariance));
      marginals[j]!.add(one);
      logDensity += one;
    }
    joint.add(logDensity);
    if (m === n) own = logDensity;
  }
  return {
    own,
    aggregated: joint.value - Math.log(N),
    marginals: marginals.reduce((sum, { value }) => sum + value - Math.log(N), 0),
    prior: z.reduce((sum, value) => sum - 0.5 * (LOG_2_PI + value ** 2), 0),
  };
}

/** log Σ exp of numbers that come one by one. */
class LogSum {
  private largest = -Infinity;
  private sum = 0;

  add(value: number): void {
    if (value > this.largest) {
      this.sum = this.sum * Math.exp(this.largest - value) + 1;
      this.largest = value;
    } else {
      this.sum += Math.exp(value - this.largest);
    }
  }

  get value(): number {
    return this.largest + Math.log(this.sum);
  }
}
