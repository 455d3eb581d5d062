/** A sweep in a sentence. */
import { counted, quantity } from '../wording';
import { ranked } from './ranking';
import { valueText } from './settings';
import type { PlainSweep } from './plain';
import { RUN_STATES } from '../types';

export function summarize(sweep: PlainSweep): string {
  const { count, metrics, metric, noneFinite = false, numbers } = sweep;
  const states = statesText(sweep);
  const measured = metrics.find(({ name }) => name === metric);
  const first = `${counted(count, 'run')}${states === '' ? '' : `: ${states}`}.`;
  const runs = Array.from({ length: count }, (_, i) => i);
  const order = measured ? ranked(measured.values, measured.better ?? 'lower', runs) : [];
  if (measured === undefined || order.length === 0) return `${first} ${nothingText(noneFinite)}`;
  const best = order[0]!;
  const value = quantity(measured.values[best]!);
  if (measured.better === null) {
    const most = quantity(measured.values[order.at(-1)!]!);
    return `${first} ${wayUnknown(measured.name)}; its values go from ${value} to ${most}.`;
  }
  const settings = settingText(sweep, best);
  const way = measured.better === 'higher' ? 'Highest' : 'Lowest';
  return `${first} ${way} ${measured.name}: ${value} in run ${numbers[best]!}${settings === '' ? '' : ` (${settings})`}.`;
}

/** Why no run has a value of a metric. */
export function nothingText(noneFinite: boolean): string {
  return noneFinite ? 'No value that was reported is finite.' : 'Nothing has been measured yet.';
}

/** Why no run is the best one. */
export function wayUnknown(metric: string): string {
  return `It is not known whether lower or higher ${metric} is better`;
}

/** `38 done, 1 failed, 1 running` */
export function statesText({ states }: Pick<PlainSweep, 'states'>): string {
  const order = ['done', 'running', 'waiting', 'failed', 'stopped', 'cancelled'] as const;
  return order
    .map((state) => [state, states.filter((one) => RUN_STATES[one] === state).length] as const)
    .filter(([, size]) => size > 0)
    .map(([state, size]) => `${size} ${state}`)
    .join(', ');
}

/** What a run differs in from others: `beta 4, seed 2`. */
function settingText({ parameters }: PlainSweep, run: number): string {
  return parameters
    .filter(({ places }) => places.some((place) => place !== places[0]))
    .map(({ name, values, places }) => `${name} ${valueText(values[places[run]!] ?? null)}`)
    .join(', ');
}
