/** `npm run bench -- views`: how fast the views draw, beside what people draw such things with elsewhere. */
import os from 'node:os';
import { writeWholeSync } from '../../files/writeWhole';
import { earlierRows } from '../earlier';
import { machineFacts, thisMachine } from '../machine';
import { spread } from '../rows';
import { measureOnce } from './measure';
import type { Timed } from './measure';
import { BenchBrowser } from './page';
import { installPeers } from './peers';
import { viewsReport } from './report';
import { viewRowSchema } from './rows';
import type { ViewRow } from './rows';
import { VIEW_WORKLOADS } from './workloads';
import type { ViewEngine, ViewWorkload, ViewWorkloadName } from './workloads';

export { VIEW_ENGINES, VIEW_WORKLOAD_NAMES } from './workloads';

export interface ViewsBenchOptions {
  workloads: readonly ViewWorkloadName[];
  engines: readonly ViewEngine[];
  /** Little data, once, to see that it works. */
  quick: boolean;
  /** How often each engine has its turn. */
  rounds?: number | undefined;
  /** The file with rows of an earlier run on this machine, for the workloads that this one leaves out. */
  earlier?: string | undefined;
  json?: string | undefined;
  write?: string | undefined;
}

/** Engines take turns, so that what else the machine does hits all of them. */
const ROUNDS = 3;

/** @returns the report */
export async function runViewsBench(options: ViewsBenchOptions, tell: (line: string) => void): Promise<string> {
  const share = options.quick ? 0.02 : 1;
  const rounds = options.rounds ?? (options.quick ? 1 : ROUNDS);
  const measured = ({ workload }: ViewRow) => options.workloads.includes(workload);
  const rows = earlierRows(options.earlier, viewRowSchema).filter((row) => !measured(row));
  const browser = await BenchBrowser.open(await installPeers(tell));
  try {
    for (const name of options.workloads) {
      const workload: ViewWorkload = VIEW_WORKLOADS[name];
      const engines = workload.engines.filter((engine) => options.engines.includes(engine));
      const found = new Map<ViewEngine, Timed[]>(engines.map((engine) => [engine, []]));
      for (let round = 0; round < rounds; round++) {
        for (const engine of round % 2 === 0 ? engines : engines.toReversed()) {
          tell(`${name}: ${engine}, round ${round + 1} of ${rounds}`);
          found.get(engine)!.push(await measureOnce(browser, name, engine, share));
        }
      }
      for (const [engine, timed] of found) rows.push(...rowsOf(name, engine, browser.name, timed));
    }
  } finally {
    await browser.close();
  }
  const date = new Date().toISOString().slice(0, 10);
  const facts = [...machineFacts(thisMachine(os.availableParallelism()), date), `Browser: headless ${browser.name}`];
  const report = viewsReport(facts, rows);
  if (options.json !== undefined) writeWholeSync(options.json, `${JSON.stringify(rows, null, 1)}\n`);
  if (options.write !== undefined) writeWholeSync(options.write, report);
  return report;
}

function rowsOf(workload: ViewWorkloadName, engine: ViewEngine, device: string, timed: readonly Timed[]): ViewRow[] {
  const of = { workload, engine, device };
  const longest = timed.flatMap((one) => one.longest ?? []);
  const times = timed.flatMap((one) => one.times);
  return [
    { ...of, unit: VIEW_WORKLOADS[workload].unit, ...spread(times) },
    ...(longest.length > 0 ? [{ ...of, unit: 'ms/longest task' as const, ...spread(longest) }] : []),
  ];
}
