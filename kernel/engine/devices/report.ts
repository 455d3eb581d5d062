/** The ladder as people see it. */
import { xlaPlatformOf, type Runtime } from '../runtime';
import { absence } from './absence';
import { rememberedFailure } from './failures';
import type { RaceResult } from '../runtimes/race';
import type { Proof } from './proof';
import type { Precision, RungDefinition } from './rung';
import { RUNGS } from './rungs';

/** One rung of the device ladder and why it was or was not taken. */
export interface Rung {
  name: string;
  /** What it is, on any machine. */
  about: string;
  /** `untried`: nothing speaks against it, but there was no need to start it. */
  status: 'chosen' | 'usable' | 'untried' | 'unusable';
  /** A phrase for people, with the description. */
  reason: string;
  /** What computes: processor or GPU, library, driver; absent when it is not known. */
  description?: string;
  precision?: Precision;
  /** The median time of a step of the model that was raced last. */
  millisecondsPerStep?: number;
}

/** What came out of the rungs that were tried. */
export type Proofs = ReadonlyMap<string, Proof>;

/** @param chosen the rung that computes, or would; absent when what was asked for cannot be used */
export function reportOf(proofs: Proofs, requested: string, chosen: string | undefined): Rung[] {
  return RUNGS.map((rung) => {
    const { name, about } = rung;
    const proof = proofs.get(name);
    if (!proof) return untried(rung, requested, chosen);
    if (!proof.usable) return { name, about, status: 'unusable', reason: proof.reason };
    const { description, precision, reservation } = proof;
    const told = (why: string) => ({ reason: `${description}, ${precision}; ${why}`, description, precision });
    if (name !== chosen) {
      return {
        name,
        about,
        status: 'usable',
        ...told(reservation ? `auto skips it: ${reservation}` : 'passed its self-test'),
      };
    }
    const why = requested === 'auto' ? 'the first that passed its self-test' : 'asked for by name';
    return { name, about, status: 'chosen', ...told(why) };
  });
}

function untried(rung: RungDefinition, requested: string, chosen: string | undefined): Rung {
  const { name, about } = rung;
  const against = absence(rung) ?? rememberedFailure(name);
  if (against) return { name, about, status: 'unusable', reason: against };
  const why =
    requested === 'auto' ? `auto uses ${chosen}, which is higher in the list` : `you asked for ${requested} by name`;
  return { name, about, status: 'untried', reason: `not tried: ${why}` };
}

/** The report with what each rung's runtime needed for a step; `eager` is the tfjs backend of the chosen rung. */
export function withRace(rungs: readonly Rung[], { times, winner }: RaceResult): Rung[] {
  return rungs.map((rung) => {
    const runtime = [...times.keys()].find((runtime) => rung.name === rungOf(runtime, rungs));
    const time = runtime && times.get(runtime);
    if (time === undefined) return rung;
    if (typeof time === 'string') return { ...rung, reason: `${rung.reason}; in the last race: the step ${time}` };
    const won = runtime === winner ? ', the fastest' : '';
    const reason = `${rung.reason}; ${time.toPrecision(3)} ms a step in the last race${won}`;
    return { ...rung, reason, millisecondsPerStep: time };
  });
}

function rungOf(runtime: Runtime, rungs: readonly Rung[]): string | undefined {
  if (runtime === 'eager') return rungs.find(({ status }) => status === 'chosen')?.name;
  return xlaPlatformOf(runtime) ? runtime : `traced-${runtime}`;
}

/**
 * The report as text: a rung a line, names, states and reasons in columns.
 *
 * @param width columns that a reason is wrapped at
 */
export function deviceReportText(rungs: readonly Rung[], width = Infinity): string {
  const names = Math.max(...rungs.map(({ name }) => name.length));
  const states = Math.max(...rungs.map(({ status }) => status.length));
  const indent = names + states + 4;
  return rungs
    .map(({ name, status, reason }) => {
      const lines = wrapped(reason, Math.max(width - indent, MIN_REASON));
      return `${name.padEnd(names)}  ${status.padEnd(states)}  ${lines.join(`\n${' '.repeat(indent)}`)}`;
    })
    .join('\n');
}

/** The same with why training steps run operation by operation. */
export function engineReportText(rungs: readonly Rung[], eager: readonly string[], width?: number): string {
  const untraced = eager.map((reason) => `Not traced: a training step ${reason}`);
  return [deviceReportText(rungs, width), ...untraced].join('\n');
}

/** Characters that a reason gets, however narrow the terminal. */
const MIN_REASON = 30;

/** Lines of whole words; a word longer than a line stands alone. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
