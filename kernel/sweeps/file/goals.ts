/** Whether lower or higher is better of a metric: what a sweep file says of it, once. */
import type { SweepMetric } from '../results';
import { SweepError } from '../sweepError';
import type { SweepFile } from './schema';

/** What trainings report of their losses, and what people call losses and errors: `loss`, `test.mse`, `validationError`. */
const LOSSES = [
  /(^|\.)(train|validation)\.(total|reconstruction)$/,
  /(^|[^\p{L}\p{N}])(loss|nll|mse|rmse|mae|error)$/iu,
  /\p{Ll}(Loss|Error|NLL|MSE|RMSE|MAE)$/u,
];

/** Less of a loss is better; for other metrics nobody has said. */
export function usualGoal(name: string): SweepMetric['goal'] {
  return LOSSES.some((loss) => loss.test(name)) ? 'min' : null;
}

/**
 * The file, its stop rule with the goal that `metrics` gives the rule's metric if the rule has none.
 *
 * @param isGiven whether the rule itself says its goal
 * @throws {SweepError} where two goals differ, or nobody says one: the worst runs might be kept
 */
export function withGoal(file: SweepFile, isGiven: boolean, path: string): SweepFile {
  const { metrics, stop } = file;
  if (!stop) return file;
  const named = metrics.flatMap((one) => (typeof one !== 'string' && one.name === stop.metric ? [one.goal] : []));
  const [goal = usualGoal(stop.metric)] = named;
  if (isGiven && named.length > 0 && goal !== stop.goal) {
    throw new SweepError(
      `${path}: the goal of "${stop.metric}" is "${goal}" in "metrics" and "${stop.goal}" in "stop"; leave one of them out`,
    );
  }
  if (isGiven) return file;
  if (goal === null) {
    throw new SweepError(
      `${path}: "stop" does not say whether lower or higher "${stop.metric}" is better; give its "goal"`,
    );
  }
  return { ...file, stop: { ...stop, goal } };
}
