/** `report`: metrics of a run, for whoever compares runs. */
import { found, takes, type Kind } from '../../autoencoders/arguments';
import type { Estimate } from '../../autoencoders/index';
import { tellReport } from './rung';
import { place } from './underWay';

/** A number, or an estimate, whose value counts. */
export type ReportedValue = number | Estimate;

/**
 * Reports metrics of this run. A sweep compares its runs by them, stops runs by them, and lists them with the run's
 * parameters. The last value under a name counts; the earlier ones make its curve, by the step of the current training.
 *
 * ```ts
 * report({ mig: await mutualInformationGap(…) })
 * await vae.fit(data, { epochs, callbacks: { epochEnded: async () => report({ fid: await fid(vae) }) } })
 * ```
 *
 * Trainings report `train.total`, `validation.total` and their other terms by themselves. Where successive halving pauses a
 * run at a report, a training ends after the step under way, and other code at its call of `report`.
 *
 * @param values by name, each in its own unit; a value that is not finite counts as missing
 * @returns the numbers that were reported
 * @throws TypeError for a value that is not a number, and for a metric without a name
 */
export function report(values: Readonly<Record<string, ReportedValue>>): Record<string, number> {
  takes('report', ['values', values, metrics]);
  const numbers = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? value : value.value]),
  );
  tellReport({ ...place(), values: numbers });
  return numbers;
}

const metrics: Kind = (values) => {
  const expected = 'an object with a number for each metric, as { mig: 0.3 }';
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return expected;
  const entries = Object.entries(values);
  if (entries.length === 0) return expected;
  const nameless = entries.find(([name]) => name.trim() === '');
  if (nameless)
    return `${expected} (of a metric ${nameless[0] === '' ? 'with an empty name' : 'named by spaces alone'})`;
  const other = entries.find(([, value]) => typeof value !== 'number' && !isEstimate(value));
  return other && `${expected} (of "${other[0]}" it was given ${found(other[1])})`;
};

function isEstimate(value: unknown): value is Estimate {
  return typeof (value as Partial<Estimate> | null)?.value === 'number';
}
