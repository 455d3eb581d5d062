/** `npm run setup:xla`: see docs/xla.md. */
import { createInterface } from 'node:readline/promises';
import { xlaFolder, xlaVariable } from '../engine/devices/xla/plugins';
import { program } from './program';
import { SetupError } from './setupError';
import { givenPlan } from './xla/folderWheels';
import { seenGpus } from './xla/gpus';
import { install } from './xla/install';
import { xlaOptions, XLA_USAGE, type XlaOptions } from './xla/options';
import { findPip } from './xla/pip';
import { xlaPlans } from './xla/plan';
import { planJson, planText } from './xla/words';

await program(async (args) => {
  const options = xlaOptions(args);
  if (options) await setUp(options);
  else process.stdout.write(XLA_USAGE);
});

async function setUp({ platform, from, python, yes, plan: onlySay }: XlaOptions): Promise<void> {
  const seen = await seenGpus();
  if (onlySay && platform === undefined && seen.length === 0) return tell('null');
  const plans = xlaPlans(platform, process, seen);
  const plan = from === undefined ? plans[0]! : givenPlan(plans, from, process);
  const { source } = plan;
  const folder = xlaFolder(source.platform);
  if (onlySay) return tell(JSON.stringify(planJson(plan, folder)));
  const pip = from === undefined ? await findPip(python, plan.wheels) : undefined;
  tell(planText(plan, folder, from));
  if (!yes && !(await confirmed())) return tell('Nothing was fetched.');
  const { signal, done } = interruption();
  // It brings the devices with it, which a question need not wait for.
  const { provePlugin } = await import('./xla/prove');
  const { forgetFailures } = await import('../engine/devices/failures');
  const prove = (home: string) => provePlugin({ platform: source.platform, needs: source.needs, home });
  try {
    const description = await install(plan, { pip, prove, tell, signal });
    // What crashed without it may work with it.
    forgetFailures();
    tell(`Done: ${description}, in ${folder}. Delete the folder to uninstall it.`);
    const deed = source.platform === 'cpu' ? 'races it on each model' : 'takes it';
    tell(
      `The next kernel on \`auto\` ${deed}; --device xla-${source.platform}, or a choice in VS Code, takes no other.`,
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new SetupError('Interrupted. Nothing was installed.');
  } finally {
    done();
  }
  const variable = xlaVariable(source.platform);
  if (process.env[variable]) tell(`$${variable} is set and takes precedence.`);
}

/** @throws SetupError if nobody can be asked */
async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new SetupError('There is no terminal to ask on: pass --yes to continue.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question('Go on? [y/N] ')).trim());
  } catch (error) {
    // Ctrl+C and Ctrl+D are a no.
    if ((error as Error).name !== 'AbortError') throw error;
    process.stdout.write('\n');
    return false;
  } finally {
    terminal.close();
  }
}

/** Ctrl+C and the like, after which what lies half done is still removed. */
function interruption(): { signal: AbortSignal; done(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.once(name, abort);
  return {
    signal: controller.signal,
    done: () => {
      for (const name of signals) process.off(name, abort);
    },
  };
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
