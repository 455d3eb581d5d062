import { basename, dirname, join, parse, resolve } from 'node:path';
import { checkedFormulas, checksText, formulasText } from '../checks';
import { renderReport } from '../html/report';
import { assertWritable, isSameFile } from '../files';
import { reasonOf } from '../../files/fileError';
import { writeWholeSync } from '../../files/writeWhole';
import { isDerivation } from '../derivations/notebook';
import { exportNotebook, exportTarget } from '../export/index';
import type { ExportFormat } from '../export/formats';
import type { Notebook } from '../format';
import { NotebookError, readNotebook } from '../read';
import { NotebookRun } from '../run';
import type { RunEvent, RunOutcome } from '../run';
import { duration } from '../time';
import { writeNotebook } from '../write';
import { createProgress } from './progress';
import { terminalUser } from './questions';

export interface ExecuteOptions {
  /** LatentLab's own folder, which holds `dist`. */
  root: string;
  file: string;
  /** Default: `out/<name of the file>`, which ends in `.ipynb`. */
  output?: string;
  /** Where the HTML report goes; absent: none. */
  html?: string;
  /** What else it is exported to, beside the executed notebook. */
  exports?: readonly ExportFormat[];
  device: string;
  seed?: number;
  /** Overrides of the notebook's parameters, each `name=value`. */
  parameters?: readonly string[];
}

export interface Executed extends RunOutcome {
  notebook: Notebook;
  output: string;
  html?: string;
  /** Files of other exports, those of pictures left out. */
  exported: string[];
  /** Why there is no report although one was wanted; the executed notebook is written all the same. */
  reportFailure?: Error;
}

/**
 * Runs a notebook with progress on the terminal, and writes the executed notebook and then the report, also after a cell
 * has failed: up to there they show what happened.
 *
 * @throws NotebookError for a notebook that cannot be read, files that would overwrite it or each other, or a kernel that
 *   does not start; nothing is written then
 * @throws Error with the system's reason where a file cannot be written: before anything runs if that is known by then
 */
export async function execute(options: ExecuteOptions): Promise<Executed> {
  const path = resolve(options.file);
  const output = outputPath(options, path);
  const html = reportPath(options, path, output);
  const { notebook, layout } = readNotebook(options.file);
  const seed = await withParameters(notebook, options);
  for (const file of [output, html]) if (file !== undefined) assertWritable(file);
  const folder = dirname(path);
  const progress = createProgress(process.stderr);
  const interrupt = () => run.interrupt();
  const run = new NotebookRun({
    notebook,
    path: options.file,
    kernelMain: join(options.root, 'dist', 'kernel', 'main.js'),
    folder,
    device: options.device,
    seed,
    ask: terminalUser({
      input: process.stdin,
      output: process.stderr,
      pause: () => progress.pause(),
      resume: () => progress.resume(),
      onInterrupt: interrupt,
    }),
    onEvent(event) {
      if (event.type === 'ready') process.stderr.write(`Device: ${event.device.description} (${event.device.name})\n`);
      const notice = noticeOf(event);
      if (notice === undefined) progress.show(event);
      else process.stderr.write(`${process.stderr.isTTY ? '\n' : ''}${notice}\n`);
    },
  });
  process.on('SIGINT', interrupt);
  try {
    const outcome = await run.run().finally(() => {
      // First of all, whatever else goes wrong: hours may be in it.
      if (run.hasBegun) writeNotebook(output, notebook, layout);
    });
    const scriptFile = join(options.root, 'dist', 'report', 'report.js');
    const reportFailure =
      html === undefined
        ? undefined
        : await failureOf(async () =>
            writeWholeSync(
              html,
              await renderReport(notebook, { path, folder, scriptFile, reportFolder: dirname(html) }),
            ),
          );
    const exported: string[] = [];
    const exportFailure = await failureOf(async () => {
      for (const format of options.exports ?? []) {
        const target = exportTarget(output, format);
        // Pictures of the text are looked for where the notebook lies.
        const [file] = await exportNotebook(notebook, { format, path: options.file, target, scriptFile });
        exported.push(file!);
      }
    });
    return { ...outcome, notebook, output, html, exported, reportFailure: reportFailure ?? exportFailure };
  } finally {
    process.off('SIGINT', interrupt);
    progress.stop();
  }
}

/** Overrides the notebook's parameters. @returns the default seed, which the parameter `seed` is too */
async function withParameters(notebook: Notebook, { file, parameters = [], seed }: ExecuteOptions) {
  if (parameters.length === 0) return seed;
  // TypeScript, which reads what a cell declares, is loaded for those who give parameters.
  const { overrideByTexts } = await import('../parameters');
  return overrideByTexts(notebook, file, parameters, seed);
}

/** What the user has to read at once, whatever the progress shows. */
function noticeOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'interrupting':
      return 'Interrupting the cell. Ctrl-C once more ends the kernel.';
    case 'restartAdvised':
      return `${event.reason} A second Ctrl-C ends the kernel.`;
    case 'deadWait':
      return `${event.hint} (Ctrl-C)`;
    default:
      return undefined;
  }
}

async function failureOf(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Only an output named by the user may be the notebook itself, and none a derivation, which has no room for outputs. */
function outputPath({ file, output }: ExecuteOptions, path: string): string {
  const target = resolve(output ?? join('out', isDerivation(file) ? `${parse(file).name}.ipynb` : basename(file)));
  if (isDerivation(target)) {
    throw new NotebookError(`${output} is Markdown, which cannot hold outputs. Name a notebook: --output FILE.ipynb`);
  }
  if (output === undefined && isSameFile(target, path)) {
    throw new NotebookError(`The executed copy would overwrite ${file}. Name the output: --output ${file}`);
  }
  return target;
}

function reportPath({ html }: ExecuteOptions, path: string, output: string): string | undefined {
  if (html === undefined) return undefined;
  const target = resolve(html);
  const taken = isSameFile(target, path)
    ? 'the notebook'
    : isSameFile(target, output)
      ? 'its executed copy'
      : undefined;
  if (taken)
    throw new NotebookError(`${html} is ${taken}, which the report would overwrite. Name another file: --html`);
  return target;
}

/** What the user reads after a run: the files, the time, and why it stopped. */
export function reportOutcome({ failure, notebook, output, html, exported, reportFailure, seconds }: Executed): number {
  if (failure) {
    process.stderr.write(`${failure.cell} failed:\n${failure.error.stack || failure.error.message}\n\n`);
  }
  const checks = checksText(notebook);
  if (checks) process.stdout.write(`${checks}\n`);
  const formulas = checks && formulasText(checkedFormulas(notebook));
  if (formulas) process.stdout.write(`Formulas: ${formulas}.\n`);
  const files = [output, ...(html === undefined || reportFailure ? [] : [html]), ...exported];
  const written = files.length < 3 ? files.join(' and ') : `${files.slice(0, -1).join(', ')} and ${files.at(-1)}`;
  const state = failure ? 'The notebook as far as it ran' : `The executed notebook (${duration(seconds)})`;
  (failure ? process.stderr : process.stdout).write(`${state}: ${written}\n`);
  if (reportFailure) {
    const what = html === undefined ? 'An export' : `The report ${html}`;
    process.stderr.write(`${what} could not be written: ${reasonOf(reportFailure)}\n`);
  }
  return failure || reportFailure ? 1 : 0;
}
