/** Regions of images by the code that each was given. */
import { encode, toBytes } from '../../../views/encoding';
import type { CodeMaps, CodePatches } from '../../../views/index';

/** What images were given for codes, position by position, row by row. */
export interface CodedImages {
  shape: CodePatches['shape'];
  /** [n, h, w, c] in [0, 1]. */
  values: Float32Array;
  /** Rows and columns of codes of an image. */
  grid: [number, number];
  /** [n, rows · columns] */
  codes: Int32Array;
  /** ‖z_e − z_q‖², as the codes; undefined if the model does not tell. */
  errors: Float32Array | undefined;
}

/** Patches of one code that are shown at most. */
const MOST = 8;
/** Bytes of patches that a view carries. */
const BUDGET = 150_000;

/** For each code the places (image · positions + position) that were given it, the nearest first, at most {@link MOST}. */
export function nearestPlaces({ codes, errors }: CodedImages, codebookSize: number): Int32Array[] {
  const places = Array.from({ length: codebookSize }, (): number[] => []);
  const errorAt = (place: number) => errors?.[place] ?? 0;
  for (let place = 0; place < codes.length; place++) {
    const nearest = places[codes[place]!]!;
    if (nearest.length === MOST && errorAt(place) >= errorAt(nearest[MOST - 1]!)) continue;
    let at = nearest.length;
    while (at > 0 && errorAt(nearest[at - 1]!) > errorAt(place)) at--;
    nearest.splice(at, 0, place);
    if (nearest.length > MOST) nearest.length = MOST;
  }
  return places.map((nearest) => Int32Array.from(nearest));
}

/**
 * Patches that a view carries: as many of each code as there is room for, of a large codebook those of the codes that are
 * used most.
 */
export function savedPatches(images: CodedImages, places: readonly Int32Array[], counts: Int32Array): CodePatches {
  const used = [...counts.keys()].filter((code) => counts[code]! > 0);
  const bytes = bytesOf(images);
  const each = Math.min(MOST, Math.floor(BUDGET / bytes / Math.max(1, used.length)));
  if (each >= 2) return patchesOf(images, places.map((own) => own.subarray(0, each))); // prettier-ignore
  const byUse = used.sort((a, b) => counts[b]! - counts[a]!).slice(0, Math.max(1, Math.floor(BUDGET / bytes / 4)));
  const kept = new Set(byUse);
  return patchesOf(images, places.map((own, code) => own.subarray(0, kept.has(code) ? 4 : 0))); // prettier-ignore
}

function bytesOf(images: CodedImages): number {
  const { height, width, channels } = geometryOf(images).shape;
  return height * width * channels;
}

/** A region, and a margin of half a region about it. */
function geometryOf({ shape, grid }: CodedImages): Pick<CodePatches, 'shape' | 'region'> & { pitch: [number, number] } {
  const pitch: [number, number] = [shape.height / grid[0], shape.width / grid[1]];
  const [height, width] = pitch.map((side) => Math.max(1, Math.ceil(side)));
  const [top, left] = [Math.ceil(height! / 2), Math.ceil(width! / 2)];
  return {
    shape: { ...shape, height: height! + 2 * top, width: width! + 2 * left },
    region: { top, left, height: height!, width: width! },
    pitch,
  };
}

/** @param places of each code */
export function patchesOf(images: CodedImages, places: readonly Int32Array[]): CodePatches {
  const { shape, region, pitch } = geometryOf(images);
  const { height: h, width: w, channels } = images.shape;
  const [rows, columns] = images.grid;
  const all = places.flatMap((own, code) => [...own].map((place) => ({ code, place })));
  const size = shape.height * shape.width * channels;
  const values = new Float32Array(all.length * size);
  all.forEach(({ place }, i) => {
    const image = Math.floor(place / (rows * columns));
    const position = place % (rows * columns);
    const top = Math.floor(Math.floor(position / columns) * pitch[0]) - region.top;
    const left = Math.floor((position % columns) * pitch[1]) - region.left;
    for (let y = 0; y < shape.height; y++) {
      for (let x = 0; x < shape.width; x++) {
        const [fromY, fromX] = [top + y, left + x];
        if (fromY < 0 || fromY >= h || fromX < 0 || fromX >= w) continue;
        const from = ((image * h + fromY) * w + fromX) * channels;
        values.set(images.values.subarray(from, from + channels), i * size + (y * shape.width + x) * channels);
      }
    }
  });
  const { errors } = images;
  return {
    ...{ shape, region, codes: encode('int32', all.map(({ code }) => code)) }, // prettier-ignore
    samples: encode('uint8', toBytes(values), [all.length, shape.height, shape.width, channels]),
    rows: encode('int32', all.map(({ place }) => Math.floor(place / (rows * columns)))), // prettier-ignore
    ...(errors && { errors: encode('float32', all.map(({ place }) => errors[place]!)) }), // prettier-ignore
  };
}

/** The codes of the first images. */
export function codeMapsOf({ shape, values, grid, codes }: CodedImages, count: number): CodeMaps {
  const size = shape.height * shape.width * shape.channels;
  const bytes = toBytes(values.subarray(0, count * size));
  const n = bytes.length / size;
  const positions = grid[0] * grid[1];
  return {
    ...{ shape, grid, samples: encode('uint8', bytes, [n, shape.height, shape.width, shape.channels]) },
    codes: encode('int32', codes.subarray(0, n * positions), [n, positions]),
  };
}
