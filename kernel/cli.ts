/** LatentLab without VS Code: `node dist/kernel/cli.js <command>`. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { namesIn, parse, seedOf, threadsOf, UsageError } from './commandLineArguments';
import { meant } from './engine/nearest';
import { packageRoot } from './engine/packageRoot';
import { EXPORT_FORMATS, type ExportFormat } from './notebook/export/formats';
import { exportNotebook, exportTarget } from './notebook/export/index';
import { NotebookError, readNotebook } from './notebook/read';
import { execute, reportOutcome } from './notebook/terminal/execute';
import { start } from './notebook/terminal/start';
import { COMMANDS, usageOf } from './usage';

const run = { device: { type: 'string', default: 'auto' }, seed: { type: 'string' } } as const;
const verifyOptions = {
  device: run.device,
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  json: { type: 'string' },
  seeds: { type: 'string' },
  threads: { type: 'string' },
  convolutions: { type: 'string' },
  // What a run of many passes on.
  variant: { type: 'string' },
} as const;
const help = { help: { type: 'boolean', short: 'h', default: false } } as const;

async function main([command, ...args]: string[]): Promise<number> {
  switch (command) {
    case 'notebook': {
      const files = { output: { type: 'string' }, html: { type: 'string' } } as const;
      const options = {
        ...help,
        ...run,
        ...files,
        export: { type: 'string' },
        short: { type: 'boolean', default: false },
        parameter: { type: 'string', short: 'p', multiple: true },
      } as const;
      const { values, positionals } = parse(() => parseArgs({ args, allowPositionals: true, options }));
      if (values.help) return usage(command);
      const [file, ...others] = positionals;
      if (file === undefined) throw new UsageError('name the notebook to run');
      if (others.length > 0) throw new UsageError(`one notebook at a time; found also ${others.join(', ')}`);
      const { device, output, html, parameter: parameters } = values;
      // For the kernel, which has this process's environment.
      if (values.short) process.env['LATENTLAB_SHORT'] = '1';
      return reportOutcome(
        await execute({
          root: packageRoot(),
          file,
          device,
          output,
          html,
          exports: namesIn('export', values.export, EXPORT_FORMATS),
          seed: seedOf(values.seed),
          parameters,
        }),
      );
    }
    case 'export': {
      const options = { ...help, to: { type: 'string' }, output: { type: 'string' } } as const;
      const { values, positionals } = parse(() => parseArgs({ args, allowPositionals: true, options }));
      if (values.help) return usage(command);
      const [file, ...others] = positionals;
      if (file === undefined) throw new UsageError('name the notebook to export');
      if (others.length > 0) throw new UsageError(`one notebook at a time; found also ${others.join(', ')}`);
      const formats = namesIn('to', values.to, EXPORT_FORMATS);
      if (!formats) throw new UsageError(`--to says what it is exported to: ${EXPORT_FORMATS.join(', ')}`);
      return exportFile(file, formats, values.output);
    }
    case 'start': {
      const { values } = parse(() => parseArgs({ args, options: { ...help, ...run } }));
      return values.help
        ? usage(command)
        : start({ root: packageRoot(), device: values.device, seed: seedOf(values.seed) });
    }
    case 'sweep':
      return sweep(args);
    case 'samples': {
      const options = { ...help, device: run.device } as const;
      const { values, positionals } = parse(() => parseArgs({ args, allowPositionals: true, options }));
      if (values.help) return usage(command);
      const { executeSamples } = await import('./notebook/saved/samples');
      const { smallerPng: shrink } = await import('./views/png/smaller');
      const onLine = (line: string) => void process.stdout.write(`${line}\n`);
      const root = packageRoot();
      return (await executeSamples({ root, names: positionals, device: values.device, shrink, onLine })) ? 0 : 1;
    }
    case 'devices': {
      const flag = { type: 'boolean', default: false } as const;
      const options = { ...help, device: run.device, retry: flag, json: flag } as const;
      const { values } = parse(() => parseArgs({ args, options }));
      return values.help ? usage(command) : devices(values);
    }
    case 'verify': {
      const { values } = parse(() => parseArgs({ args, options: { ...help, ...verifyOptions } }));
      return values.help ? usage(command) : verify(values);
    }
    case 'bench':
      return bench(args);
    case '--help':
    case '-h':
    case 'help':
      return usage(args[0]);
    default:
      throw new UsageError(
        command === undefined ? 'name a command' : `there is no command "${command}"${meant(command, COMMANDS)}`,
      );
  }
}

function usage(command: string | undefined): number {
  process.stdout.write(usageOf(command));
  return 0;
}

async function sweep(args: string[]): Promise<number> {
  const { sweepCommand } = await import('./sweeps/cli');
  return sweepCommand(args).catch((error: Error) => {
    throw error.name === 'SweepUsageError' ? new UsageError(error.message) : error;
  });
}

async function bench(args: string[]): Promise<number> {
  const { benchCommand } = await import('./bench/cli');
  return benchCommand(args);
}

/** As it is saved: nothing runs. */
async function exportFile(file: string, formats: readonly ExportFormat[], output: string | undefined): Promise<number> {
  const { notebook } = readNotebook(file);
  const scriptFile = join(packageRoot(), 'dist', 'report', 'report.js');
  for (const format of formats) {
    const target = formats.length > 1 ? exportTarget(file, format, output) : (output ?? exportTarget(file, format));
    const [written, ...pictures] = await exportNotebook(notebook, { format, path: file, target, scriptFile });
    const more = pictures.length === 0 ? '' : ` and ${pictures.length} pictures`;
    process.stdout.write(`${written}${more}\n`);
  }
  return 0;
}

async function devices({ device, retry, json }: { device: string; retry: boolean; json: boolean }): Promise<number> {
  // The tensor libraries load for this command alone.
  const { deviceReportText, probeDevices } = await import('./engine/devices');
  const rungs = await probeDevices(device, { retry });
  // Wrapped in a terminal, a rung a line for other programs.
  process.stdout.write(`${json ? JSON.stringify(rungs) : deviceReportText(rungs, process.stdout.columns)}\n`);
  return 0;
}

async function verify(
  values: ReturnType<typeof parseArgs<{ options: typeof verifyOptions }>>['values'],
): Promise<number> {
  const { seeds, threads, convolutions, variant, ...options } = values;
  if (seeds !== undefined || threads !== undefined || convolutions !== undefined) return spread(values);
  const { runVerify } = await import('./verify/index');
  const { variantSchema } = await import('./verify/spread');
  const own = variant === undefined ? {} : { variant: variantSchema.parse(JSON.parse(variant)) };
  const { table, ok } = await runVerify({ ...options, ...own, columns: process.stdout.columns }, (line) =>
    process.stderr.write(`${line}\n`),
  ).catch((error: unknown) => {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  });
  process.stdout.write(`${table}\n`);
  return ok ? 0 : 1;
}

async function spread(
  values: ReturnType<typeof parseArgs<{ options: typeof verifyOptions }>>['values'],
): Promise<number> {
  const { CONVOLUTIONS, runVariants, spreads, spreadTable, variantsOf } = await import('./verify/spread');
  const { seeds = '1', threads, convolutions = 'blocked', device, only, quick, json } = values;
  const count = seedOf(seeds)!;
  if (count < 1) throw new UsageError('--seeds is at least 1');
  const variants = variantsOf({
    seeds: count,
    threads: threads?.split(',').map(threadsOf) ?? [null],
    convolutions: namesIn('convolutions', convolutions, CONVOLUTIONS)!,
  });
  const args = ['--device', device, ...(only === undefined ? [] : ['--only', only]), ...(quick ? ['--quick'] : [])];
  const runs = await runVariants(variants, args, (line) => process.stderr.write(`${line}\n`));
  if (json !== undefined) {
    const { writeFile } = await import('node:fs/promises');
    const all = runs.flatMap((rows, i) => rows.map((row) => ({ ...variants[i], ...row })));
    await writeFile(json, `${JSON.stringify(all, null, 2)}\n`);
  }
  const found = spreads(runs);
  process.stdout.write(`${spreadTable(found)}\n`);
  return found.every(({ held, of }) => held === of) ? 0 : 1;
}

/** Errors of what is loaded when it is needed. */
const MENDABLE = new Set(['BenchError', 'DeviceError', 'SweepError', 'SweepFolderError']);

const [command] = process.argv.slice(2);
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const failure = error as Error;
  if (failure instanceof UsageError) {
    process.stderr.write(`latentlab: ${failure.message}\n\n${usageOf(command)}`);
    process.exitCode = 2;
  } else {
    // A sentence says what the user can mend, system errors among it; anything else is ours and needs its stack.
    const mendable = failure instanceof NotebookError || MENDABLE.has(failure.name) || 'syscall' in failure;
    process.stderr.write(`${mendable ? failure.message : (failure.stack ?? failure.message)}\n`);
    process.exitCode = 1;
  }
}
