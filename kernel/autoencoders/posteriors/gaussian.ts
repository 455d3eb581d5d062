import { DiagonalGaussian, FullGaussian } from '../distributions/index';
import { noOptions } from '../parts/part';
import { defineBuiltPosterior } from './posterior';

/**
 * N(μ, diag σ²), from μ and log σ² side by side (Kingma and Welling 2013, equation 9): independent latents.
 */
export const diagonalGaussian = defineBuiltPosterior(
  'diagonalGaussian',
  () => ({
    formula: '\\mathcal N(\\mu, \\mathrm{diag}\\,\\sigma^2)',
    width: (k) => 2 * k,
    of: (rows) => DiagonalGaussian.fromRows(rows),
  }),
  noOptions,
);

/**
 * N(μ, L Lᵀ), from μ and the lower-triangular L (Kingma and Welling 2019, section 2.5.1): latents that depend on each
 * other; see {@link FullGaussian.fromRows}.
 */
export const fullGaussian = defineBuiltPosterior(
  'fullGaussian',
  () => ({
    formula: '\\mathcal N(\\mu, LL^\\top)',
    width: (k) => FullGaussian.rowWidth(k),
    of: (rows, k) => FullGaussian.fromRows(rows, k),
  }),
  noOptions,
);
