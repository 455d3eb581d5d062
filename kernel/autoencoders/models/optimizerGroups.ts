/** Groups of a model's parameters, as its optimizer's configuration names them. */
import { checkClaims, OptimizerGroupError } from '../../engine/index';
import type { OptimizerConfig } from '../../engine/index';
import { ConfigurationError } from '../config';
import type { Schedule } from '../training/schedules/schedules';

/**
 * Two groups may not claim one parameter; whether each has some is known when `fit` begins.
 *
 * @throws {ConfigurationError} naming both patterns and what they claim
 */
export function checkGroups(what: string, optimizer: OptimizerConfig, parameters: readonly string[]): void {
  if (!optimizer.groups) return;
  try {
    checkClaims(optimizer, parameters);
  } catch (error) {
    throw error instanceof OptimizerGroupError ? new ConfigurationError(what, [error.problem]) : error;
  }
}

/** The learning rates of groups that have their own, by the index of the group. */
export function groupRatesOf({
  groups = [],
}: OptimizerConfig): Record<number, { parameters: string; schedule: Schedule }> {
  const rates = groups.flatMap(({ parameters, learningRate }, i) =>
    learningRate === undefined ? [] : [[i, { parameters: String(parameters), schedule: learningRate as Schedule }]],
  );
  return Object.fromEntries(rates) as Record<number, { parameters: string; schedule: Schedule }>;
}
