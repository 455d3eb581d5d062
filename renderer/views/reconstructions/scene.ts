/** What is drawn where, in pixels: a pure function of the data, the order, the page and the width. */
import type { Place } from '../../../kernel/figures/marks';
import { stripCaptions } from '../../../kernel/figures/reconstructions/captions';
import { footOf, scaleBeside, SCALE_WIDTH } from '../../../kernel/figures/reconstructions/scale';
import { drawnSize, MOST_BANDS } from '../../../kernel/views/pictures/layouts';
import { breakText, shorten } from '../../figure/text';
import type { Measure } from '../../figure/text';
import { alike, evenly } from '../../numbers';
import type { Reconstructions } from './model';

export interface Tile {
  kind: 'input' | 'output' | 'difference';
  /** Index of the method; −1 for inputs. */
  method: number;
  sample: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Label {
  text: string;
  x: number;
  /** Baseline. */
  y: number;
  anchor: 'start' | 'middle' | 'end';
  tone: 'strong' | 'normal' | 'muted';
  size: number;
}

/** Where a sample's tiles stand: what the pointer hits and the selection frames. */
export interface Column {
  sample: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Scene {
  width: number;
  height: number;
  tiles: Tile[];
  labels: Label[];
  columns: Column[];
  /** Where the colour bar is, when differences are drawn. */
  bar: Place | undefined;
}

export interface Look {
  differences: boolean;
  /** Sample indices in their order on screen, those of one page. */
  order: number[];
}

const GAP = 3;
const LINE = 14;
/** A row of tiles that are lower still has room for its name. */
const ROW = 16;
const rowsOf = (heldOut: string | undefined) => (heldOut === undefined ? 1 : 3);
/** Samples on a page that are wider than high, … */
const STRIPS = 4;
/** … and how high one is at most, in pixels. */
const STRIP_HEIGHT = 72;
const BAND = 38;
/** A gallery of more rows than this gets smaller tiles. */
const GALLERY_ROWS = 4;
const SIZES = {
  image: { smallest: 40, largest: 66 },
  vector: { smallest: 116, largest: 190 },
};

/** Samples that fit beside each other, or below each other where they are wide. */
export function samplesPerPage(data: Reconstructions, width: number, differences: boolean): number {
  if (data.layout) return Math.min(data.count, STRIPS);
  if (data.inputs === null) return data.count;
  const { smallest } = SIZES[data.shape.kind];
  return Math.max(1, Math.min(data.count, Math.floor(tilesWidth(width, differences) / (smallest + GAP))));
}

export function buildScene(data: Reconstructions, look: Look, width: number, measure: Measure): Scene {
  if (data.layout) return strips(data, look, width, measure);
  return data.inputs === null ? gallery(data, width, measure) : comparison(data, look, width, measure);
}

function labelWidth(width: number): number {
  return width < 640 ? 96 : width < 900 ? 136 : 168;
}

function tilesWidth(width: number, differences: boolean): number {
  return width - labelWidth(width) - (differences ? SCALE_WIDTH : 0);
}

function tileSize(
  data: Reconstructions,
  perRow: number,
  available: number,
  largest = SIZES[data.shape.kind].largest,
): { width: number; height: number } {
  const width = Math.max(8, Math.min(largest, Math.floor(available / Math.max(1, perRow)) - GAP));
  if (data.shape.kind !== 'image') return { width, height: Math.round(width * 0.5) };
  const drawn = drawnSize(data.shape, width);
  return { width: Math.round(drawn.width), height: Math.round(drawn.height) };
}

function comparison(data: Reconstructions, { differences, order }: Look, width: number, measure: Measure): Scene {
  const left = labelWidth(width);
  const perPage = samplesPerPage(data, width, differences);
  const tile = tileSize(data, perPage, tilesWidth(width, differences));
  const scene: Scene = { width, height: 0, tiles: [], labels: [], columns: [], bar: undefined };
  const xOf = (i: number) => left + i * (tile.width + GAP);
  const rowLabel = rowLabels(scene, left, measure);
  const row = (kind: Tile['kind'], method: number, y: number, height = tile.height) =>
    order.forEach((sample, i) => scene.tiles.push({ kind, method, sample, x: xOf(i), y, width: tile.width, height }));

  let y = captions(scene, data, order, xOf, tile.width, measure);
  const top = y;
  if (data.shape.kind === 'image') {
    rowLabel('Input', undefined, y, tile.height);
    row('input', -1, y);
    y += Math.max(tile.height, ROW) + 10;
  }
  data.methods.forEach((method, m) => {
    rowLabel(method.name, method.heldOut, y, tile.height);
    row('output', m, y);
    y += Math.max(tile.height, ROW * rowsOf(method.heldOut)) + GAP;
    if (differences) {
      const height = data.shape.kind === 'image' ? tile.height : Math.round(tile.height * 0.6);
      rowLabel('', 'difference', y, height);
      row('difference', m, y, height);
      y += Math.max(height, ROW) + GAP;
    }
    const errors = alike(order.map((sample) => method.errors[sample] ?? NaN));
    order.forEach((_, i) => {
      const text = errors[i]!;
      const x = xOf(i) + tile.width / 2;
      scene.labels.push({ text, x, y: y + 9, anchor: 'middle', tone: 'normal', size: 10 });
    });
    scene.labels.push({ text: 'squared error', x: left - 10, y: y + 9, anchor: 'end', tone: 'muted', size: 10 });
    y += LINE + 10;
  });
  scene.height = y - 8;
  scene.columns = order.map((sample, i) => ({ sample, x: xOf(i), y: top, width: tile.width, height: y - top - 8 }));
  if (differences && data.methods.length > 0) {
    const right = xOf(order.length - 1) + tile.width;
    scene.bar = scaleBeside(right, top, y - LINE - 10);
    scene.height = Math.max(scene.height, footOf(scene.bar));
  }
  return scene;
}

/** Film strips, sequences and sound: a block of rows for each sample. */
function strips(data: Reconstructions, { differences, order }: Look, width: number, measure: Measure): Scene {
  const scene: Scene = { width, height: 0, tiles: [], labels: [], columns: [], bar: undefined };
  const compared = data.inputs !== null;
  const left = labelWidth(width);
  const room = tilesWidth(width, compared) - GAP;
  const tile = stripSize(data, room);
  const rowLabel = rowLabels(scene, left, measure);
  // A sequence's input and output are lines in one tile, as the differences show there.
  const separate = data.layout?.kind !== 'steps';
  let y = 4;
  const captions = stripCaptions({ ...data, isDrawn: !compared }, order);
  for (const [i, sample] of order.entries()) {
    const top = y;
    const text = shorten(captions[i]!, room, (line) => measure(line, { size: 11 }));
    scene.labels.push({ text, x: left, y: y + 10, anchor: 'start', tone: 'muted', size: 11 });
    y += 17;
    const row = (kind: Tile['kind'], method: number, title: string, remark?: string) => {
      rowLabel(title, remark, y, tile.height);
      scene.tiles.push({ kind, method, sample, x: left, y, ...tile });
      y += tile.height + GAP;
    };
    if (compared && separate) row('input', -1, 'Input');
    data.methods.forEach((method, m) => {
      row('output', m, method.name, order.length === 1 ? method.heldOut : undefined);
      if (compared && separate && differences) row('difference', m, '', 'difference');
    });
    scene.columns.push({ sample, x: left, y: top, width: tile.width, height: y - top });
    y += 12;
  }
  scene.height = y;
  if (compared && (differences || !separate)) {
    scene.bar = scaleBeside(left + room, 21, y - 39);
  }
  return scene;
}

function stripSize({ shape, layout }: Reconstructions, room: number): { width: number; height: number } {
  if (shape.kind === 'vector') {
    const bands = layout?.kind === 'steps' ? Math.min(MOST_BANDS, layout.features.length) : 2;
    return { width: room, height: Math.max(40, BAND * bands) };
  }
  const scale = Math.min(room / shape.width, STRIP_HEIGHT / shape.height);
  return { width: Math.floor(shape.width * scale), height: Math.round(shape.height * scale) };
}

/** Class names above the first row, on at most two lines. @returns where the first row begins */
function captions(
  scene: Scene,
  data: Reconstructions,
  order: number[],
  xOf: (i: number) => number,
  width: number,
  measure: Measure,
): number {
  if (data.labels.length === 0) return 2;
  const style = { tone: 'muted', size: 10 } as const;
  const lines = order.map((sample) => breakText(data.labels[sample] ?? '', width, 2, (text) => measure(text, style)));
  const most = Math.max(...lines.map((one) => one.length), 1);
  lines.forEach((one, i) =>
    one.forEach((text, line) => {
      const y = 10 + (most - one.length + line) * 12;
      scene.labels.push({ text, x: xOf(i) + width / 2, y, anchor: 'middle', ...style });
    }),
  );
  return 10 + (most - 1) * 12 + 6;
}

/** Name and note of a row, centred on it, right-aligned before the tiles. */
function rowLabels(scene: Scene, right: number, measure: Measure) {
  const width = right - 12;
  const name = { tone: 'strong', size: 12 } as const;
  const note = { tone: 'muted', size: 10 } as const;
  return (title: string, remark: string | undefined, y: number, height: number): void => {
    const titles = title === '' ? [] : breakText(title, width, 2, (text) => measure(text, { ...name, strong: true }));
    const remarks = remark === undefined ? [] : breakText(remark, width, 2, (text) => measure(text, note));
    const total = titles.length * LINE + remarks.length * 12;
    let baseline = y + (height - total) / 2 + 11;
    for (const text of titles) {
      scene.labels.push({ text, x: right - 10, y: baseline, anchor: 'end', ...name });
      baseline += LINE;
    }
    for (const text of remarks) {
      scene.labels.push({ text, x: right - 10, y: baseline - 1, anchor: 'end', ...note });
      baseline += 12;
    }
  };
}

/** Samples without inputs: each method's fill as many rows as they need. */
function gallery(data: Reconstructions, width: number, measure: Measure): Scene {
  const scene: Scene = { width, height: 0, tiles: [], labels: [], columns: [], bar: undefined };
  const { smallest, largest } = SIZES[data.shape.kind];
  const named = data.methods.length > 1;
  const left = named ? labelWidth(width) : 0;
  const fitting = (size: number) => Math.max(1, Math.floor((width - left + GAP) / (size + GAP)));
  const most = data.count <= GALLERY_ROWS * fitting(largest) ? fitting(largest) : fitting(smallest);
  const perRow = evenly(data.count, most);
  const rowLabel = rowLabels(scene, left, measure);
  // Rows of few may be larger, up to half as much again.
  const tile = tileSize(data, perRow, width - left + GAP, 1.5 * largest);
  let y = 2;
  data.methods.forEach(({ name, samples }, method) => {
    if (named) rowLabel(name, undefined, y, tile.height);
    samples.forEach((_, sample) => {
      const x = left + (sample % perRow) * (tile.width + GAP);
      const top = y + Math.floor(sample / perRow) * (tile.height + GAP);
      scene.tiles.push({ kind: 'output', method, sample, x, y: top, ...tile });
      if (method === 0) scene.columns.push({ sample, x, y: top, ...tile });
    });
    y += Math.ceil(samples.length / perRow) * (tile.height + GAP) + 12;
  });
  scene.height = y;
  return scene;
}
