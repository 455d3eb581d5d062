/** The latent space of a model as a view that its reader can ask. */
import { randomUUID } from 'node:crypto';
import { dataset, instance, modelWith, object, oneOf, optional, takes, whole } from '../../../autoencoders/arguments';
import type { Kind } from '../../../autoencoders/arguments';
import type { Dataset } from '../../../autoencoders/index';
import * as views from '../../../views/index';
import { decode as decodeArray } from '../../../views/encoding';
import { FIRST_TURN } from '../../../views/scatter/turn';
import { counted } from '../../../views/wording';
import { MIME } from '../../../views/index';
import { currentSession } from '../../current';
import { drawnShape } from '../drawnShape';
import { shownClasses } from '../shownClasses';
import { viewOf, type View } from '../view';
import { colourByOf, liveColumn, liveColumns, ownColumn, type ColourSource, type Rows } from './colours';
import { fingerprintOf } from '../fingerprint';
import { LatentFrames } from './frames';
import { LiveScatter } from './liveScatter';
import { decodeAll, read, type LatentModel } from './model';
import { bytesOnAxes, LatentProjections } from './projections';

export type { ColouredRow, ColourSource, ColourValue } from './colours';
export { latentFrames, type LatentFrames, type LatentFramesOptions } from './frames';
export type { LatentModel } from './model';
export type { LatentSelection } from './selections';

/** Options of {@link latentScatter}. */
export interface LatentScatterOptions {
  title?: string;
  /** Points along each axis of the decoded grid that the saved view carries; 0 for none. Default 12. */
  grid?: number;
  /**
   * Points that the view carries at most, a random sample of all. Default: as many as keep it below 300 kB, and 20,000
   * at most; about 5,400 for ten latent dimensions, 2,800 for twenty.
   */
  limit?: number;
  /** The class with which to decode points, if the model has classes. Default −1: unknown. */
  label?: number;
  /**
   * What the points are coloured by at first: `class`, `norm`, `error`, a dimension (`z3`), a feature, a name in `colours`;
   * or a value for each row, or a function of a row. Default: class, where it is known.
   */
  colour?: string | ColourSource;
  /**
   * The axes at first, for more than two dimensions: `pca`, the principal components of the latents, or `umap`,
   * computed in a separate thread. Default: the latent dimensions. The reader can change this while the kernel runs.
   */
  axes?: 'pca' | 'umap';
  /**
   * How many axes are shown at once, at first: 2 (default), or 3, turned before the eye. A reader can choose either later.
   */
  dimensions?: 2 | 3;
  /** What `latentFrames(model, data)` has recorded: the view then has a slider over the epochs. */
  frames?: LatentFrames;
  /** More to colour points by: values for each row, or functions of a row, by name. Numbers get a scale, texts categories. */
  colours?: Record<string, ColourSource>;
}

/** Shows the latent space of a model: where it puts the data (posterior means), and what it decodes there, live. */
export async function latentScatter(
  model: LatentModel,
  data: Dataset,
  options: LatentScatterOptions = {},
): Promise<View<views.LatentScatterView>> {
  const latent = modelWith('encode', 'decode');
  takes('latentScatter', ['model', model, latent], ['data', data, dataset], ['options', options, object()]);
  takes('latentScatter', ['grid', options.grid, optional(whole(0))], ['limit', options.limit, optional(whole(1))]);
  takes('latentScatter', ['label', options.label, optional(whole(-1))]);
  takes('latentScatter', ['colours', options.colours, optional(object())]);
  takes('latentScatter', ['axes', options.axes, optional(oneOf('pca', 'umap'))]);
  if (options.axes !== undefined && model.latentDimensions < 3) {
    throw new RangeError(`latentScatter: "axes" is “${options.axes}” for ${model.latentDimensions} latent dimensions; leave it out: other axes need 3 or more.`); // prettier-ignore
  }
  takes('latentScatter', ['dimensions', options.dimensions, optional(twoOrThree)]);
  if (options.dimensions === 3 && model.latentDimensions < 3) {
    throw new RangeError(`latentScatter: "dimensions" is 3, and the model has ${counted(model.latentDimensions, 'latent dimension')}; leave it out.`); // prettier-ignore
  }
  takes('latentScatter', ['frames', options.frames, optional(instance(LatentFrames))]);
  const past = options.frames?.rows.at(-1);
  if (past !== undefined && past >= data.length) {
    throw new RangeError(`latentScatter: "frames" follow row ${past}, and these data have ${data.length} rows; pass the data that the frames were recorded with.`); // prettier-ignore
  }
  const { label = -1 } = options;
  const id = randomUUID();
  const latents = await read(model.encode(data));
  const rows = { model, data, latents };
  const { columns, colourBy } = await coloursOf(options, rows);
  const size = options.grid ?? 12;
  const classes = shownClasses(data);
  const built = views.latentScatter({
    id,
    title: options.title ?? `Latent space of ${model.name}`,
    points: latents,
    dimensions: model.latentDimensions,
    ...classes,
    data: fingerprintOf(data),
    ...(model.position && { trained: { steps: model.position.step, epochs: model.position.epoch } }),
    ...(options.frames && { always: options.frames.kept.places.map((place) => options.frames!.rows[place]!) }),
    sampleShape: drawnShape(model.inputShape),
    decodes: true,
    colours: columns,
    liveColours: liveColumns(rows).filter((name) => !columns.some((column) => column.name === name)),
    ...(colourBy !== undefined && { colourBy }),
    grid: size > 1 && hasPlane(latents, model.latentDimensions) ? await decodedGrid(model, latents, size, label) : null,
    limit: options.limit,
    bytesBeside: bytesOnAxes(options.axes, model.latentDimensions, options.dimensions ?? 2),
  });
  const shown = built.indices ? decodeArray(built.indices) : Int32Array.from({ length: data.length }, (_, i) => i);
  const projections = new LatentProjections(latents, model.latentDimensions, shown);
  const frames = options.frames && { frames: options.frames.view((rows) => rowsOf(latents, model, rows)) };
  const turn = options.dimensions === 3 ? { turn: { ...FIRST_TURN, third: 2 } } : {};
  const view = { ...built, ...frames, ...turn, ...(await projected(options, projections)) };
  const session = currentSession();
  const live = new LiveScatter({ model, data, latents, shown, labels: classes.labels, label }, projections, {
    ...session.variablesOfViews,
    tell: (change) => session.views.change(id, MIME.latentScatter, change),
  });
  session.views.register(id, (request) => live.answer(request), { onTrained: () => live.trained() });
  return viewOf(MIME.latentScatter, view);
}

const twoOrThree: Kind = (value) => (value === 2 || value === 3 ? undefined : '2 or 3');

/** The columns that a saved view carries: the user's, and the one that is shown at first. */
async function coloursOf({ colour, colours = {} }: LatentScatterOptions, rows: Rows) {
  const own = typeof colour === 'string' || colour === undefined ? colours : { colour, ...colours };
  const columns = Object.entries(own).map(([name, source]) => ownColumn(name, source, rows));
  if (colour === undefined) return { columns, colourBy: undefined };
  const names = columns.map(({ name }) => name);
  const colourBy = typeof colour === 'string' ? colourByOf(colour, names, rows) : 'colour';
  const isLive = liveColumns(rows).includes(colourBy) && !names.includes(colourBy);
  return { columns: isLive ? [...columns, await liveColumn(colourBy, rows)] : columns, colourBy };
}

function rowsOf(latents: Float32Array, { latentDimensions: k }: LatentModel, rows: Int32Array): Float32Array {
  return Float32Array.from({ length: rows.length * k }, (_, i) => latents[rows[Math.floor(i / k)]! * k + (i % k)]!);
}

/** What the view is shown on at first, computed now: it is saved with the view. */
async function projected({ axes, dimensions }: LatentScatterOptions, projections: LatentProjections) {
  if (axes === undefined) return {};
  const session = currentSession();
  const { current } = session;
  const stop = () => projections.stop();
  current?.signal.addEventListener('abort', stop);
  const tell = (share: number) => {
    if (current) session.progress(current.id, axes.toUpperCase(), { step: Math.round(100 * share), totalSteps: 100 });
  };
  try {
    const found = await projections.project(axes, tell);
    const solid = axes === 'umap' && dimensions === 3 ? await projections.project('umap3', tell) : {};
    return { projections: { ...found, ...solid }, space: axes };
  } catch (error) {
    current?.signal.throwIfAborted();
    throw error;
  } finally {
    current?.signal.removeEventListener('abort', stop);
  }
}

/** Whether the first two dimensions have finite values, so that a grid can lie over them. */
function hasPlane(latents: Float32Array, k: number): boolean {
  const isFiniteIn = (dimension: number) => latents.some((value, i) => i % k === dimension && Number.isFinite(value));
  return k >= 2 && isFiniteIn(0) && isFiniteIn(1);
}

async function decodedGrid(
  model: LatentModel,
  points: Float32Array,
  size: number,
  label: number,
): Promise<views.LatentScatterInput['grid']> {
  const { xs, ys } = views.gridAxes(points, model.latentDimensions, size);
  const rest = new Array<number>(model.latentDimensions - 2).fill(0);
  const z = ys.flatMap((y) => xs.map((x) => [x, y, ...rest]));
  return { xs, ys, samples: await decodeAll(model, z, label) };
}
