/** LatentLab without VS Code: `node dist/kernel/cli.js <command>`. */
import { parseArgs } from 'node:util';
import { packageRoot } from './engine/packageRoot';
import { NotebookError } from './notebook/read';
import { execute, reportOutcome } from './notebook/terminal/execute';
import { start } from './notebook/terminal/start';

const USAGE = `Usage:
  npm start                             run samples/vae.ipynb, write out/vae.ipynb and out/vae.html
  npm run notebook -- FILE.ipynb        run a notebook from its first cell to its last
    --output FILE                       where the executed notebook goes (default: out/<name of the notebook>)
    --html FILE                         also write an HTML report with interactive views
    --device NAME                       a rung of the device ladder (default: auto, the best that works)
    --seed N                            default seed of models and training
  npm run devices                       print each rung of the device ladder and why it is or is not taken
    --device NAME                       ask for one rung
    --json                              as JSON: [{ "name", "status", "reason" }, …]
`;

/** What is wrong with the command line; answered with the usage and exit code 2. */
class UsageError extends Error {}

const run = { device: { type: 'string', default: 'auto' }, seed: { type: 'string' } } as const;
const help = { help: { type: 'boolean', short: 'h', default: false } } as const;

async function main([command, ...args]: string[]): Promise<number> {
  switch (command) {
    case 'notebook': {
      const options = { ...help, ...run, output: { type: 'string' }, html: { type: 'string' } } as const;
      const { values, positionals } = parse(() => parseArgs({ args, allowPositionals: true, options }));
      if (values.help) return usage();
      const [file, ...others] = positionals;
      if (file === undefined) throw new UsageError('name the notebook to run');
      if (others.length > 0) throw new UsageError(`one notebook at a time; found also ${others.join(', ')}`);
      const { device, output, html } = values;
      return reportOutcome(
        await execute({ root: packageRoot(), file, device, output, html, seed: seedOf(values.seed) }),
      );
    }
    case 'start': {
      const { values } = parse(() => parseArgs({ args, options: { ...help, ...run } }));
      return values.help ? usage() : start({ root: packageRoot(), device: values.device, seed: seedOf(values.seed) });
    }
    case 'devices': {
      const options = { ...help, device: run.device, json: { type: 'boolean', default: false } } as const;
      const { values } = parse(() => parseArgs({ args, options }));
      return values.help ? usage() : devices(values.device, values.json);
    }
    case '--help':
    case '-h':
    case 'help':
      return usage();
    default:
      throw new UsageError(command === undefined ? 'name a command' : `there is no command "${command}"`);
  }
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function seedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new UsageError(`--seed is a whole number, found "${text}"`);
  return seed;
}

function usage(): number {
  process.stdout.write(USAGE);
  return 0;
}

async function devices(requested: string, json: boolean): Promise<number> {
  // The tensor libraries load for this command alone.
  const { probeDevices } = await import('./engine/devices');
  const rungs = await probeDevices(requested);
  if (json) {
    process.stdout.write(`${JSON.stringify(rungs.map(({ name, status, reason }) => ({ name, status, reason })))}\n`);
    return 0;
  }
  const width = Math.max(...rungs.map((rung) => rung.name.length));
  const lines = rungs.map((rung) => `${rung.name.padEnd(width)}  ${rung.status.padEnd(8)}  ${rung.reason}`);
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const failure = error as Error;
  if (failure instanceof UsageError) {
    process.stderr.write(`latentlab: ${failure.message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else {
    // What the user can mend, system errors among it, is told in a sentence; anything else is ours and needs its stack.
    const mendable = failure instanceof NotebookError || failure.name === 'DeviceError' || 'syscall' in failure;
    process.stderr.write(`${mendable ? failure.message : (failure.stack ?? failure.message)}\n`);
    process.exitCode = 1;
  }
}
