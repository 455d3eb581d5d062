import { NonFiniteError, type StepInputs, type StepReport, type TrainingStep } from '../step';

/**
 * Steps as a series where the runtime has series, else one by one.
 *
 * @throws {NonFiniteError} with the reports of the steps before it
 */
export async function inOrder(step: TrainingStep, inputs: readonly StepInputs[]): Promise<StepReport[]> {
  if (inputs.length > 1 && step.series) return step.series.run(inputs);
  const reports: StepReport[] = [];
  for (const one of inputs) {
    try {
      reports.push(await step.run(one));
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      throw new NonFiniteError(error.quantity, error.value, error.losses, reports);
    }
  }
  return reports;
}
