/** What a VAE minimises, in LaTeX and in words, for `explain`. */
import type { Objective, ObjectiveTerm } from '../explanation';

const KL = '\\mathrm{KL}(q(z|x) \\,\\|\\, p(z))';
const EXPECTED = '\\mathbb E_{q(z|x)}[\\log p(x|z)]';
const BOUND = 'Kingma and Welling 2013, Auto-Encoding Variational Bayes, equation 10';

/** What of a VAE's configuration its objective depends on. */
interface ObjectiveConfig {
  draws: number;
  reduction: 'sum' | 'mean';
  capacity?: { max: number; steps: number } | undefined;
  freeBits?: number | undefined;
}

export function vaeObjective({ draws, reduction, capacity, freeBits }: ObjectiveConfig): Objective {
  const reconstruction = {
    formula: `-${EXPECTED}`,
    meaning: `by ${draws} draw${draws === 1 ? '' : 's'} of z, summed over the values of x, mean over the batch`,
  };
  const kl = { formula: KL, meaning: 'in closed form, summed over the latent dimensions, mean over the batch' };
  const { formula, source, terms } = divergence(capacity, freeBits);
  const weight = reduction === 'mean' ? '\\tfrac 1 d\\,' : '';
  return {
    formula: `-${weight}${EXPECTED} + ${formula}`,
    terms: { reconstruction, kl, ...terms },
    source: `${BOUND}; ${source}`,
  };
}

interface Divergence {
  formula: string;
  terms: Record<string, ObjectiveTerm>;
  source: string;
}

function divergence(capacity: ObjectiveConfig['capacity'], freeBits: number | undefined): Divergence {
  if (capacity) {
    const formula = `|${KL} - C_t|`;
    const meaning = `C_t rises from 0 to ${capacity.max} nats over ${capacity.steps} steps`;
    const source = 'with a capacity, Burgess et al. 2018, Understanding disentangling in β-VAE, equation 8';
    return { formula: `\\gamma\\,${formula}`, terms: { capacity: { formula, meaning } }, source };
  }
  if (freeBits !== undefined) {
    const meaning = `what the divergences of single dimensions, averaged over the batch, lack to λ = ${freeBits}`;
    return {
      formula: '\\beta \\sum_j \\max(\\lambda, \\mathrm{KL}_j)',
      terms: { freeBits: { formula: '\\sum_j \\max(0, \\lambda - \\mathrm{KL}_j)', meaning } },
      source:
        'with free bits, Kingma et al. 2016, Improved Variational Inference with Inverse Autoregressive Flow, C.8',
    };
  }
  return { formula: `\\beta\\,${KL}`, terms: {}, source: 'with β, Higgins et al. 2017' };
}
