/** MIME type → view, each in a separate chunk that is loaded when the first such output appears. */
import { MIME, VALUE_MIME, VEGA_LITE_MIMES } from '../kernel/views/types';
import type { ValueByMime, ViewByMime } from '../kernel/views/types';
import type { ViewModule } from './view';

/** Whether this is the script of the HTML report, which stays small: figures of others are not drawn there. */
declare const LATENTLAB_IN_REPORT: boolean;

const LOADERS: { [mime in keyof (ViewByMime & ValueByMime)]: () => Promise<{ view: ViewModule }> } = {
  [MIME.lossCurves]: () => import('./views/lossCurves/index'),
  [MIME.latentScatter]: () => import('./views/latentScatter/index'),
  [MIME.reconstructions]: () => import('./views/reconstructions/index'),
  [MIME.codebookHistogram]: () => import('./views/codebookHistogram/index'),
  [MIME.derivationChecks]: () => import('./views/derivationChecks/index'),
  [MIME.comparison]: () => import('./views/comparison/index'),
  [MIME.traversal]: () => import('./views/traversal/index'),
  [MIME.anomalies]: () => import('./views/anomalies/index'),
  [MIME.metrics]: () => import('./views/metrics/index'),
  [MIME.sweep]: () => import('./views/sweep/index'),
  [MIME.figure]: () => import('./views/figure/index'),
  [MIME.diagram]: () => import('./views/diagram/index'),
  [VALUE_MIME.object]: () => import('./views/object/index'),
  [VALUE_MIME.table]: () => import('./views/table/index'),
};

/** What others write: it has no version and title of ours. */
interface OtherLoaders {
  view(): Promise<{ view: ViewModule }>;
  asView(): Promise<{ asView(json: unknown): unknown }>;
}

const PLOTLY: OtherLoaders = {
  view: () => import('./views/plotlyFigure/index'),
  asView: () => import('./views/plotlyFigure/asView'),
};
const VEGA_LITE: OtherLoaders = {
  view: () => import('./views/vegaLite/index'),
  asView: () => import('./views/vegaLite/asView'),
};

const OTHERS: Record<string, OtherLoaders> = LATENTLAB_IN_REPORT
  ? {}
  : {
      [VALUE_MIME.plotly]: PLOTLY,
      ...Object.fromEntries(VEGA_LITE_MIMES.map((mime) => [mime, VEGA_LITE])),
    };

/** @returns undefined when no view of ours has this type */
export async function loadView(mime: string): Promise<ViewModule | undefined> {
  const load = ownOf(LOADERS, mime) ?? ownOf(OTHERS, mime)?.view;
  return load === undefined ? undefined : (await load()).view;
}

/**
 * The JSON of an output with what that of every view has.
 * @throws Error (rejects) for what is not of its type
 */
export async function asViewOfOurs(mime: string, json: unknown): Promise<unknown> {
  const other = ownOf(OTHERS, mime);
  return other === undefined ? json : (await other.asView()).asView(json);
}

function ownOf<T>(byMime: Record<string, T>, mime: string): T | undefined {
  return Object.hasOwn(byMime, mime) ? byMime[mime] : undefined;
}
