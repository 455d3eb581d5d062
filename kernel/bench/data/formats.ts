/** What `npm run bench -- data` reads: for each format a file, and how people read it elsewhere. */
import { z } from 'zod';

export interface ReadingBench {
  /** The row's name: `csv`. */
  name: string;
  /** In the folder of the bench's files. */
  file: string;
  /** For people. */
  content: string;
  /** Numbers that are read. */
  values: number;
  /** What `dataPeer.py` reads it with. */
  peer: 'pandas' | 'numpy' | 'pillow' | null;
  /** Seconds at most, on a quiet machine. */
  goal: number | null;
}

const ROWS = 300_000;
const COLUMNS = 20;
export const TABLE = { rows: ROWS, columns: COLUMNS };
export const IMAGES = { count: 4000, size: 64 };

const table = `${ROWS.toLocaleString('en')} × ${COLUMNS}`;
const values = ROWS * COLUMNS;
const pixels = IMAGES.count * IMAGES.size ** 2;
const images = `${IMAGES.count.toLocaleString('en')} of ${IMAGES.size} × ${IMAGES.size}`;

export const READINGS: readonly ReadingBench[] = [
  { name: 'parquet', file: 'table.parquet', content: `${table}, float64, Snappy`, values, peer: 'pandas', goal: 0.5 },
  { name: 'csv', file: 'table.csv', content: `${table}, 4 decimals`, values, peer: 'pandas', goal: 0.8 },
  { name: 'json', file: 'table.json', content: '20,000 × 20, records', values: 400_000, peer: 'pandas', goal: null },
  { name: 'npy', file: 'table.npy', content: `${table}, float32`, values, peer: 'numpy', goal: 0.1 },
  { name: 'npz', file: 'table.npz', content: `${table}, float32, compressed`, values, peer: 'numpy', goal: null },
  { name: 'safetensors', file: 'table.safetensors', content: `${table}, float32`, values, peer: null, goal: null },
  { name: 'idx', file: 'images-idx3-ubyte', content: images, values: pixels, peer: null, goal: null },
  {
    name: 'wav',
    file: 'sound.wav',
    content: '6 million samples of 16 bits',
    values: 5_999_616,
    peer: null,
    goal: null,
  },
  { name: 'images', file: 'images', content: `${images}, PNG`, values: pixels, peer: 'pillow', goal: 1.2 },
];

/** Most memory that reading may take, as a multiple of the values in float32. */
export const MEMORY_GOAL = 2.5;

/** What a process that reads answers. */
export const readingSchema = z.strictObject({
  /** Seconds of each read; the first has what is loaded once in it. */
  seconds: z.array(z.number().positive()).min(1),
  /** Bytes that the first read added to the most that was resident. */
  memory: z.number(),
  /** Name and version of the library that reads: `pandas 2.2.0`. */
  reader: z.string(),
});

export type Reading = z.output<typeof readingSchema>;
