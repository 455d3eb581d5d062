/** A sweep file made into a sweep: every run that it has, held against the notebook before anything starts. */
import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import { DEVICE_NAMES, GPU_RUNG_NAMES } from '../../engine/devices/names';
import { misplacedChoice, parseRequest } from '../../engine/devices/whichGpu';
import { meant } from '../../engine/nearest';
import { checkParameters, declaredAt, parametersOf, requireParameters, SEED } from '../../notebook/parameters';
import type { DeclaredAt, DeclaredParameter } from '../../notebook/parameters';
import { NotebookError, readNotebook } from '../../notebook/read';
import { formatNotebook } from '../../notebook/write';
import { requireLanguage } from '../../notebook/metadata';
import { FORMAT_VERSION, SWEEP_FORMAT } from '../results';
import type { Sweep, SweepMetric } from '../results';
import { SweepError } from '../sweepError';
import { combinationsOf } from './combinations';
import type { Combination } from './combinations';
import { usualGoal } from './goals';
import { readSweepFile } from './read';
import type { SweepFile } from './schema';

export interface Resolved {
  sweep: Sweep;
  /** The notebook's text, as every run executes it. */
  notebook: string;
}

/**
 * @param path of the sweep file
 * @throws {SweepError} for a file, a notebook or parameters that cannot be run, with what was found and what is allowed
 */
export function resolveSweep(path: string): Resolved {
  const file = readSweepFile(path);
  const combinations = combinationsOf(file, path);
  checkRungs(file, path);
  checkDevice(file, path);
  checkMetrics(file, path);
  const where = resolve(dirname(path), file.notebook);
  const shown = file.notebook;
  const { notebook, declared } = notebookOf(where, shown, combinations, path);
  const swept = new Set(combinations.flatMap(({ parameters }) => Object.keys(parameters)));
  const given = { ...file, $schema: undefined };
  const hash = createHash('sha256').update(notebook).update('\0').update(JSON.stringify({ given, combinations }));
  const sweep: Sweep = {
    ...{ format: SWEEP_FORMAT, version: FORMAT_VERSION, name: sweepName(path), created: new Date().toISOString() },
    ...{ file: resolve(path), notebook: where, digest: hash.digest('hex') },
    declared: declared.map((one) => ({
      name: one.name,
      type: one.typeText,
      ...(one.value !== undefined && { value: one.value }),
      isSwept: swept.has(one.name),
      declaration: one.declaration,
    })),
    metrics: metricsOf(file),
    device: file.device,
    given: JSON.parse(JSON.stringify(given)) as Record<string, unknown>,
    runs: combinations.map(({ parameters, seed }, i) => ({ index: i + 1, parameters, seed })),
  };
  return { sweep, notebook };
}

/** `beta.json` and `beta.sweep.json` are both the sweep `beta`; `sweep.json` is named after its folder. */
export function sweepName(path: string): string {
  const name = basename(path).replace(/(\.sweep)?\.jsonc?$/i, '');
  return name === 'sweep' ? basename(dirname(resolve(path))) || 'sweep' : name;
}

function notebookOf(where: string, shown: string, combinations: readonly Combination[], path: string) {
  try {
    const { notebook, layout } = readNotebook(where);
    requireLanguage(notebook, shown);
    const hasParameters = combinations.some(({ parameters }) => Object.keys(parameters).length > 0);
    const declared = hasParameters ? requireParameters(notebook, shown) : parametersOf(notebook, shown);
    checkAll(combinations, declared, declaredAt(notebook, shown));
    return { notebook: formatNotebook(notebook, layout), declared };
  } catch (error) {
    if (error instanceof NotebookError) throw new SweepError(`${path}: ${error.message.replace(where, shown)}`);
    throw error;
  }
}

function checkAll(combinations: readonly Combination[], declared: readonly DeclaredParameter[], at: DeclaredAt): void {
  const seedIs = declared.some(({ name }) => name === SEED);
  for (const { parameters, seed } of combinations) {
    const given = seedIs && seed !== null ? { ...parameters, [SEED]: seed } : parameters;
    checkParameters(given, declared, at);
  }
}

function checkRungs({ stop }: SweepFile, path: string): void {
  const falls = stop?.rungs.some((rung, i) => i > 0 && rung <= stop.rungs[i - 1]!);
  if (falls) throw new SweepError(`${path}: "stop.rungs" rises; found [${stop!.rungs.join(', ')}]`);
}

/** Whether it can be used shows where it is. */
function checkDevice({ device, resources }: SweepFile, path: string): void {
  const wanted = parseRequest(device);
  const { name } = wanted;
  if ((GPU_RUNG_NAMES as readonly string[]).includes(name) && resources.gpus === 0) {
    throw new SweepError(
      `${path}: "device" is "${device}", a GPU, and "resources.gpus" is 0; leave one of them out, or name a processor's device`,
    );
  }
  if (DEVICE_NAMES.includes(name)) {
    const misplaced = misplacedChoice(wanted);
    if (misplaced) throw new SweepError(`${path}: "device": ${misplaced}`);
    return;
  }
  throw new SweepError(
    `${path}: "device": there is no device "${name}"${meant(name, DEVICE_NAMES)}; choose one of ${DEVICE_NAMES.join(', ')}`,
  );
}

function checkMetrics({ metrics }: SweepFile, path: string): void {
  const names = metrics.map((one) => (typeof one === 'string' ? one : one.name));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new SweepError(`${path}: "metrics" names "${twice}" twice; leave one of them out`);
}

function metricsOf({ metrics, stop }: SweepFile): SweepMetric[] {
  const named = metrics.map((one): SweepMetric =>
    typeof one === 'string' ? { name: one, goal: usualGoal(one) } : one,
  );
  if (stop && !named.some(({ name }) => name === stop.metric)) named.push({ name: stop.metric, goal: stop.goal });
  return named.map((one) => (one.name === stop?.metric ? { ...one, goal: stop.goal } : one));
}
