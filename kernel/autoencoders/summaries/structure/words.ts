/** Parts of a model in the words of a diagram. */
import { Part } from '../../parts/part';
import type { AnyModel } from './flow';

const IN_WORDS: Record<string, string> = {
  standardNormal: 'N(0, I)',
  gaussianMixture: 'mixture of Gaussians',
  vampPrior: 'mixture of posteriors',
  diagonalGaussian: 'diagonal Gaussian',
  fullGaussian: 'full Gaussian',
  bernoulli: 'Bernoulli',
  continuousBernoulli: 'continuous Bernoulli',
  gaussian: 'Gaussian',
  laplace: 'Laplace',
  categorical: 'categorical',
  discretizedLogisticMixture: 'mixture of logistics',
  squaredError: 'squared error',
  crossEntropy: 'cross-entropy',
  mlp: 'MLP',
  convolutional: 'convolutional',
  residual: 'residual',
  recurrent: 'recurrent',
  tied: 'tied weights',
  layersModel: 'layers of tfjs',
  featureMaps: 'feature maps',
  patchDiscriminator: 'patches',
};

export function words(name: string): string {
  return IN_WORDS[name] ?? spaced(name);
}

/** A part of a model in words, by what it is there: `likelihood`; undefined for a model that has none. */
export function partOf(model: AnyModel, what: string): string | undefined {
  const composed = 'parts' in model ? (model.parts as Readonly<Record<string, unknown>>) : {};
  const part = composed[what] ?? (model.config as unknown as Readonly<Record<string, unknown>>)[what];
  if (part instanceof Part) return part.name === null ? undefined : words(part.name);
  return typeof part === 'string' ? words(part) : undefined;
}

/** A name of code as words: `discriminatorAccuracy` → `discriminator accuracy`. */
export function spaced(name: string): string {
  const apart = name.replaceAll('.', ' ');
  return apart.replaceAll(
    /([a-z])([A-Z])/g,
    (_, before: string, capital: string) => `${before} ${capital.toLowerCase()}`,
  );
}

/** `z1` → `z₁`. */
export function subscripted(name: string): string {
  return name.replace(/\d+$/, (digits) => [...digits].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join(''));
}
