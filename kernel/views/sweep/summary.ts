/** A sweep in a sentence. */
import { counted, quantity } from '../wording';
import { ranked } from './ranking';
import { valueText } from './settings';
import type { PlainSweep } from './plain';
import { RUN_STATES } from '../types';

export function summarize(sweep: PlainSweep): string {
  const { count, metrics, metric, numbers } = sweep;
  const states = statesText(sweep);
  const measured = metrics.find(({ name }) => name === metric);
  const [best] = measured
    ? ranked(
        measured.values,
        measured.better ?? 'lower',
        Array.from({ length: count }, (_, i) => i),
      )
    : [];
  const first = `${counted(count, 'run')}${states === '' ? '' : `: ${states}`}.`;
  if (measured === undefined || best === undefined) return `${first} Nothing has been measured yet.`;
  const value = quantity(measured.values[best]!);
  const settings = settingText(sweep, best);
  const way = measured.better === 'higher' ? 'Highest' : 'Lowest';
  return `${first} ${way} ${measured.name}: ${value} in run ${numbers[best]!}${settings === '' ? '' : ` (${settings})`}.`;
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
