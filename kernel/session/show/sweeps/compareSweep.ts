/** `compare('folder')`: the runs of a sweep in one view. */
import { randomUUID } from 'node:crypto';
import { relative, resolve, sep } from 'node:path';
import { dataset, object, oneOf, optional, takes, text, type Argument } from '../../../autoencoders/arguments';
import type { Dataset } from '../../../autoencoders/index';
import type { SweepView } from '../../../views/index';
import { currentSession } from '../../current';
import { JUPYTER_DISPLAY } from '../display';
import type { View } from '../view';
import { LiveSweep } from './liveSweep';
import { SweepFiles } from './sweepFiles';
import { SweepState } from './sweepState';
import { pictureOfModel } from './modelPictures';

/** Options of {@link compare} for the folder of a sweep. */
export interface SweepOptions {
  title?: string;
  /** The metric that runs are ranked by at first; default: the sweep's first one, else `validation.total`. */
  metric?: string;
  /** Which way of it is better; default: what the sweep says, or what the name tells. */
  better?: 'lower' | 'higher';
  /** What the models of the best runs are to reconstruct; absent: what their executed notebooks show. */
  data?: Dataset;
}

export async function compareSweep(folder: string, options: SweepOptions = {}): Promise<View<SweepView>> {
  const checks: Argument[] = [
    ['options', options, object()],
    ['title', options.title, optional(text)],
    ['metric', options.metric, optional(text)],
    ['better', options.better, optional(oneOf('lower', 'higher'))],
    ['data', options.data, optional(dataset)],
  ];
  takes('compare', ...checks);
  const { data, title, metric, better } = options;
  const path = resolve(folder);
  const id = randomUUID();
  const state = await SweepState.read(new SweepFiles(path), {
    ...{ id, title, metric, better, folder: fromHere(path), place: path },
    ...(data && { picture: (run) => pictureOfModel(run.folder, data) }),
  });
  requireMetric(state, metric);
  const { views } = currentSession();
  const live = new LiveSweep(views, id, state);
  return {
    get view() {
      return live.view;
    },
    [JUPYTER_DISPLAY]: () => live.bundle,
  };
}

/** As links in the notebook have it. */
function fromHere(path: string): string {
  return relative(process.cwd(), path).split(sep).join('/') || '.';
}

/** @throws RangeError for a metric that no run has a finite value of, where there are some of others */
function requireMetric({ sweep }: SweepState, metric: string | undefined): void {
  const names = sweep.metrics.filter(({ values }) => values.some(Number.isFinite)).map(({ name }) => name);
  const isThere = metric === undefined || names.includes(metric) || names.includes(`metrics.${metric}`);
  if (isThere || names.every((name) => name === 'seconds')) return;
  const found = names.map((name) => `"${name}"`).join(', ');
  throw new RangeError(`compare: no run has a finite value of a metric "${metric}"; found ${found}.`);
}
