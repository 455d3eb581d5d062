/** Minus the evidence lower bound, term by term, as most objectives have it. */
import type { Schedule } from '../training/schedules/schedules';
import type { Bound } from './objective';
import type { Term, TermWeight } from './terms';

export const EXPECTED_LOG_LIKELIHOOD = '\\mathbb E_{q(z|x)}[\\log p(x|z)]';
export const KL = '\\mathrm{KL}(q(z|x) \\,\\|\\, p(z))';

/** −E_q[log p(x|z)], by the draws. */
export function reconstruction({ logLikelihood, draws }: Bound, weight?: TermWeight): Term {
  return {
    value: logLikelihood.mean().neg(),
    formula: `-${EXPECTED_LOG_LIKELIHOOD}`,
    meaning: `by ${draws === 1 ? 'one draw' : `${draws} draws`} of z, summed over the values of x, mean over the batch`,
    ...(weight && { weight }),
  };
}

/** KL(q(z|x) ‖ p(z)), weighted by β. */
export function divergence(bound: Bound, beta: Schedule | 'reported'): Term {
  return {
    value: bound.kl.mean(),
    formula: KL,
    meaning: `${howDiverging(bound)}, summed over the latent dimensions, mean over the batch`,
    weight: beta === 'reported' ? beta : { symbol: 'β', schedule: beta },
  };
}

function howDiverging({ klIsExact, draws }: Bound): string {
  if (klIsExact) return 'in closed form';
  return draws === 1 ? 'by the same draw' : 'by the same draws';
}
