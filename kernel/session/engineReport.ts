/** `engine` in cells: what computes, and why. */
import { print, type PrintOptions } from '../autoencoders/models/print';
import { wholeReport, type Rung } from '../engine/devices';
import { engineReportText, withRace } from '../engine/devices/report';
import { lastRace, type RaceResult } from '../engine/runtimes/race';
import { refusals } from '../engine/runtimes/refusals';
import type { MimeBundle } from '../protocol';
import { JUPYTER_DISPLAY } from './show/display';
import { escapeHtml } from './show/values/escape';
import { tableBundle } from './show/values/table';

export { print, type PrintOptions };

export interface EngineReport {
  /** The device ladder, best first; rungs that were raced tell the milliseconds of a step. */
  readonly rungs: readonly Rung[];
  /**
   * Why training steps run operation by operation, slower than the device could; empty when none does. Below a sentence,
   * where one operation is the reason, stand the lines of the recorded step around it.
   */
  readonly eager: readonly string[];
  [JUPYTER_DISPLAY](): MimeBundle;
}

/**
 * Reports what this notebook computes on. It lists every device: whether it is chosen or usable, or why not, and its
 * precision. If several devices raced for a step of the last trained model, it gives their times. It says why steps
 * were not traced.
 *
 * It now tries the devices that the kernel did not need, in separate processes, which takes a few seconds.
 */
export async function report(): Promise<EngineReport> {
  return engineReport(await wholeReport(), lastRace(), refusals());
}

export function engineReport(
  ladder: readonly Rung[],
  race: RaceResult | undefined,
  eager: readonly string[],
): EngineReport {
  const rungs = race ? withRace(ladder, race) : ladder;
  return { rungs, eager, [JUPYTER_DISPLAY]: () => bundle(rungs, eager) };
}

/** Columns of a notebook's cell. */
const WIDTH = 100;

function bundle(rungs: readonly Rung[], eager: readonly string[]): MimeBundle {
  const [sentences, excerpts] = [eager.map((reason) => reason.split('\n', 1)[0]!), eager.map(linesBelow)];
  const rows = [
    ...rungs.map(({ name, status, reason }) => ({ device: name, status, why: reason })),
    ...sentences.map((reason) => ({ device: '', status: 'not traced', why: `a training step ${reason}` })),
  ];
  const table = tableBundle(rows);
  const lines = excerpts.filter((excerpt) => excerpt !== '').map((excerpt) => `<pre>${escapeHtml(excerpt)}</pre>`);
  return {
    ...table,
    'text/html': [table['text/html'], ...lines].join('\n'),
    'text/plain': engineReportText(rungs, eager, WIDTH),
  };
}

/** What follows the first line. */
function linesBelow(text: string): string {
  return text.split('\n').slice(1).join('\n');
}
