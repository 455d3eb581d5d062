/** A sweep's files as what its view is built from. */
import { basename } from 'node:path';
import type { Curves, RunRecord } from '../../../sweeps/results/index';
import type { Better, RunCurveInput, SweepInput, SweepRunInput } from '../../../views/index';
import { counted } from '../../../views/wording';
import type { RunRead, SweepRead } from './sweepFiles';

export interface SweepNaming {
  id: string;
  title?: string | undefined;
  /** From the notebook's folder, with slashes. */
  folder: string;
  /** Absolute. */
  place: string;
  /** The metric that runs are to be ranked by. */
  metric?: string | undefined;
  /** Which way of it is better. */
  better?: 'lower' | 'higher' | undefined;
}

type Training = Curves['trainings'][number];

export function sweepInput({ folder, sweep, runs, damages }: SweepRead, naming: SweepNaming): SweepInput {
  const name = sweep?.name ?? basename(folder).replace(/\.sweep$/, '');
  const named = (sweep?.metrics ?? []).map((metric) => ({ name: metric.name, better: wayOf(metric.goal) }));
  const { metric, better } = naming;
  const chosen =
    metric === undefined
      ? named
      : [{ name: metric, better: better ?? null }, ...named.filter((one) => one.name !== metric)];
  return {
    ...{ id: naming.id, title: naming.title ?? `Sweep ${name}`, folder: naming.folder, place: naming.place, metric },
    runs: runs.map(runInput),
    metrics: chosen.map((one) => ({
      ...one,
      better: one.better ?? named.find((other) => other.name === one.name)?.better ?? null,
    })),
    notes: damagesNotes(damages),
  };
}

const wayOf = (goal: 'min' | 'max' | null): Better => (goal === null ? null : goal === 'min' ? 'lower' : 'higher');

function runInput({ index, record, curves, reports, notebook }: RunRead): SweepRunInput {
  const training = mainTraining(curves);
  return {
    ...{ number: index, state: record.state, notebook },
    ...(record.reason !== null && { reason: record.reason }),
    parameters: record.parameters,
    ...(record.seed !== null && { seed: record.seed }),
    metrics: metricsOf(record, reports),
    ...(record.seconds !== null && { seconds: record.seconds }),
    curves: (training?.series ?? []).map(curveOf),
    stepsPerEpoch: training?.stepsPerEpoch ?? 0,
    lastStep: training ? training.before.steps + (record.state === 'running' ? training.totalSteps : training.step) : 0,
  };
}

/** What a run under way has reported since its record was written counts. */
function metricsOf({ metrics }: RunRecord, reports: RunRead['reports']): Record<string, number | null> {
  return reports.reduce<Record<string, number | null>>((all, { values }) => ({ ...all, ...values }), metrics);
}

/**
 * The longest training of a run's first model, whose metrics stand without its name; the last of equally long ones. One
 * that goes on where the one before has ended, with as many steps an epoch, is one training with it.
 */
export function mainTraining(trainings: readonly Training[]): Training | undefined {
  const own = trainings.filter(({ model }) => model === trainings[0]!.model);
  const whole = own.reduce<Training[]>((all, one) => {
    const last = all.at(-1);
    return last && goesOn(last, one) ? [...all.slice(0, -1), joined(last, one)] : [...all, one];
  }, []);
  return whole.reduce<Training | undefined>((most, one) => (most && most.step > one.step ? most : one), undefined);
}

function goesOn(first: Training, { before, stepsPerEpoch }: Training): boolean {
  return before.steps > 0 && before.steps === first.before.steps + first.step && stepsPerEpoch === first.stepsPerEpoch;
}

function joined(first: Training, second: Training): Training {
  const series = second.series.map((one) => {
    const earlier = first.series.find(({ name, split }) => name === one.name && split === one.split);
    if (!earlier) return one;
    return { ...one, steps: [...earlier.steps, ...one.steps], values: [...earlier.values, ...one.values] };
  });
  const ended = first.series.filter(
    (one) => !series.some(({ name, split }) => name === one.name && split === one.split),
  );
  return {
    ...second,
    ...{ before: first.before, step: first.step + second.step, totalSteps: first.step + second.totalSteps },
    series: [...series, ...ended],
  };
}

function curveOf({ name, split, steps, values }: Training['series'][number]): RunCurveInput {
  return { name, split, steps: steps.map((step) => step ?? NaN), values };
}

/** Files that are named by a note. */
const NAMED = 3;

function damagesNotes(damages: SweepRead['damages']): string[] {
  const some = damages
    .slice(0, NAMED)
    .map(({ file, reason, run }) => `${run === null ? '' : `run ${run}, `}${basename(file)}: ${reason}`);
  if (damages.length === 0) return [];
  const rest = damages.length > NAMED ? `, and ${damages.length - NAMED} more` : '';
  return [`${counted(damages.length, 'file')} could not be read (${some.join('; ')}${rest}).`];
}
