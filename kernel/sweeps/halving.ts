/**
 * Successive halving, Jamieson and Talwalkar 2016 (Algorithm 1): at rung k all configurations that are left have spent
 * the same budget r_k; the best ⌊n_k / η⌋ of the n_k that came there, at least one, go on to r_{k+1}.
 *
 * An arm is a configuration. Its loss at a rung is the mean of the metric over its seeds: a lucky seed is no good
 * configuration. The budget is how often the metric has been reported. A run that ends before a rung counts with its last
 * value; an arm with a run that failed, or has a value that is not finite, is the last.
 */
import type { Report, RunResult } from './results';

export interface StopRule {
  metric: string;
  goal: 'min' | 'max';
  rungs: readonly number[];
  factor: number;
}

export interface Verdict {
  /** Whether its runs continue. */
  goesOn: boolean;
  /** From 1, of how many, and how many continue. */
  place: number;
  of: number;
  kept: number;
  rung: number;
}

type Standing = Pick<RunResult, 'index' | 'record' | 'reports'>;

/**
 * What becomes of each run after some rungs.
 *
 * @param runs all of the sweep, each one has come to the rung, or has ended
 * @param rungs how many have been decided
 * @returns by the runs' numbers: the verdict of the last rung that a run has come to
 */
export function verdicts(rule: StopRule, runs: readonly Standing[], rungs: number): Map<number, Verdict> {
  const found = new Map<number, Verdict>();
  let arms = armsOf(runs);
  for (let rung = 0; rung < rungs; rung++) {
    const ranked = ranking(rule, arms, rule.rungs[rung]!);
    const kept = Math.max(1, Math.floor(ranked.length / rule.factor));
    ranked.forEach((arm, i) => {
      const verdict = { goesOn: i < kept, place: i + 1, of: ranked.length, kept, rung: rung + 1 };
      for (const run of arm) found.set(run.index, verdict);
    });
    arms = ranked.slice(0, kept);
  }
  return found;
}

export function verdictText(rule: StopRule, { place, of, kept, rung }: Verdict): string {
  const reports = rule.rungs[rung - 1]!;
  const at = `after ${reports} ${reports === 1 ? 'report' : 'reports'} of ${rule.metric}`;
  return `Successive halving: at rung ${rung}, ${at}, its configuration was number ${place} of ${of}; ${kept} went on.`;
}

/** Whether a run has come to a rung, or never will. */
export function hasReached({ record, reports }: Standing, metric: string, rung: number): boolean {
  return record.state === 'done' || record.state === 'failed' || valuesOf(reports, metric).length >= rung;
}

/** Runs by their parameters, in the order of their first run. */
function armsOf(runs: readonly Standing[]): Standing[][] {
  const arms = new Map<string, Standing[]>();
  for (const run of runs) {
    const key = JSON.stringify(run.record.parameters);
    arms.set(key, [...(arms.get(key) ?? []), run]);
  }
  return [...arms.values()];
}

/** The best first; of equal ones the one that the sweep names first. */
function ranking(rule: StopRule, arms: readonly Standing[][], rung: number): Standing[][] {
  const sign = rule.goal === 'min' ? 1 : -1;
  const scored = arms.map((arm) => ({ arm, loss: sign * lossOf(arm, rule.metric, rung) }));
  const known = scored.filter(({ loss }) => Number.isFinite(loss)).sort((a, b) => a.loss - b.loss);
  return [...known, ...scored.filter(({ loss }) => !Number.isFinite(loss))].map(({ arm }) => arm);
}

function lossOf(arm: readonly Standing[], metric: string, rung: number): number {
  const values = arm.map(({ record, reports }) => {
    const reported = valuesOf(reports, metric);
    return record.state === 'failed' ? NaN : (reported[Math.min(rung, reported.length) - 1] ?? NaN);
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function valuesOf(reports: readonly Report[], metric: string): number[] {
  return reports.flatMap(({ values }) => (Object.hasOwn(values, metric) ? [values[metric] ?? NaN] : []));
}
