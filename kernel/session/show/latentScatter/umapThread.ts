/**
 * UMAP (McInnes, Healy and Melville 2018) in a separate thread, so that cells, trainings and views continue meanwhile.
 * Neighbours are exact where that takes seconds, else found by nearest-neighbour descent; the embedding begins as the
 * first principal components, which keeps the large arrangement and makes one seed give one picture.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { UMAP } from 'umap-js';
import { nearestRows } from './neighbours';

export interface UmapTask {
  /** [n · d], all finite. */
  rows: Float32Array;
  n: number;
  d: number;
  /** Dimensions to embed in. */
  size: 2 | 3;
  /** [n · size] where the embedding begins. */
  start: Float32Array;
  neighbours: number;
  seed: number;
}

export type UmapMessage = { share: number } | { places: Float32Array };

/** Products of coordinates that exact neighbours may take. */
const MOST_EXACT = 8e9;
/** The share of the work that the neighbours are, about. */
const NEIGHBOURS = 0.4;
/** How far the embedding spreads at its beginning. */
const SPREAD = 10;

function embed({ rows, n, d, size, start, neighbours, seed }: UmapTask, tell: (share: number) => void): Float32Array {
  const umap = new UMAP({ nComponents: size, nNeighbors: neighbours, minDist: 0.1, random: seeded(seed) });
  if (n * n * d <= MOST_EXACT) {
    const { indices, distances } = nearestRows(rows, n, d, neighbours, (share) => tell(NEIGHBOURS * share));
    umap.setPrecomputedKNN(indices, distances);
  }
  const vectors = Array.from({ length: n }, (_, i) => Array.from(rows.subarray(i * d, (i + 1) * d)));
  const epochs = umap.initializeFit(vectors);
  tell(NEIGHBOURS);
  placeAt(umap.getEmbedding(), start, size);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step();
    tell(NEIGHBOURS + ((1 - NEIGHBOURS) * epoch) / epochs);
  }
  return Float32Array.from(umap.getEmbedding().flat());
}

/** Moves the embedding, in place, to where it begins. */
function placeAt(embedding: number[][], start: Float32Array, size: number): void {
  const largest = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  embedding.forEach((place, i) => {
    for (let axis = 0; axis < size; axis++) place[axis] = (SPREAD * start[size * i + axis]!) / largest;
  });
}

/** Seeded numbers in 0…1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const port = parentPort!;
let told = 0;
const places = embed(workerData as UmapTask, (share) => {
  if (share - told < 0.01) return;
  told = share;
  port.postMessage({ share } satisfies UmapMessage);
});
port.postMessage({ places } satisfies UmapMessage, [places.buffer as ArrayBuffer]);
