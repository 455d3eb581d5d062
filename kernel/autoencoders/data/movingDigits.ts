import { z } from 'zod';
import { checkedConfig } from '../config';
import { defaultSeed, randomStream } from '../random';
import { Dataset } from './dataset';

/** Digits of 5 × 7 dots, row by row. */
const GLYPHS = [
  '.###. #...# #..## #.#.# ##..# #...# .###.',
  '..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###.',
  '.###. #...# ....# ..##. .#... #.... #####',
  '.###. #...# ....# ..##. ....# #...# .###.',
  '...#. ..##. .#.#. #..#. ##### ...#. ...#.',
  '##### #.... ####. ....# ....# #...# .###.',
  '..##. .#... #.... ####. #...# #...# .###.',
  '##### ....# ...#. ..#.. .#... .#... .#...',
  '.###. #...# #...# .###. #...# #...# .###.',
  '.###. #...# #...# .#### ....# ...#. .##..',
].map((glyph) => glyph.split(' ').map((row) => Array.from(row, (dot) => dot === '#')));

const [GLYPH_HEIGHT, GLYPH_WIDTH] = [7, 5];

/** Options of {@link movingDigits}. */
export interface MovingDigitsOptions {
  /** n, sequences. */
  count: number;
  /** T, frames of a sequence. Default 20. */
  frames?: number;
  /** Height and width of a frame in pixels, 8 at least. Default 16. */
  size?: number;
  /** Which digits are drawn, each as often by chance. Default 0 … 9. */
  digits?: number[];
  /** Pixels from a frame to the next. Default 1. */
  speed?: number;
  seed?: number;
}

const positive = z.int().min(1);

const schema = z.strictObject({
  count: positive,
  frames: positive.default(20),
  size: z
    .int()
    .min(GLYPH_HEIGHT + 1)
    .default(16),
  digits: z
    .array(z.int().min(0).max(9))
    .min(1)
    .default([...GLYPHS.keys()]),
  speed: positive.default(1),
  seed: z.int().default(defaultSeed),
});

/**
 * Sequences of a digit that moves to the left or to the right, by as many pixels each frame, and comes in again at the
 * other side: generated data in the manner of Gregor et al. 2019, section 5.2. Digit, place and direction are drawn
 * independently and uniformly. A sample is a strip of T frames, one below the other, of zeros and ones; its label is the
 * direction: 0 `left`, 1 `right`.
 *
 * @throws {ConfigurationError} naming the option that is wrong
 */
export function movingDigits(options: MovingDigitsOptions): Dataset {
  const { count, frames, size, digits, speed, seed } = checkedConfig('movingDigits', schema, options);
  const stream = randomStream(seed, 'moving digits');
  const values = new Float32Array(count * frames * size * size);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const glyph = GLYPHS[digits[stream.integer(digits.length)]!]!;
    const start = stream.integer(size);
    labels[i] = stream.integer(2);
    const step = labels[i] === 1 ? speed : -speed;
    for (let t = 0; t < frames; t++) {
      const first = (i * frames + t) * size * size;
      draw(glyph, values.subarray(first, first + size * size), size, start + t * step);
    }
  }
  return new Dataset({
    name: `moving digits, ${frames} frames`,
    values,
    shape: { kind: 'image', height: frames * size, width: size, channels: 1 },
    labels,
    classNames: ['left', 'right'],
  });
}

/** Sets the dots of a glyph, as large as fits, centred in height, its left edge at this column; columns wrap around. */
function draw(glyph: boolean[][], frame: Float32Array, size: number, left: number): void {
  const scale = Math.floor(size / (GLYPH_HEIGHT + 1));
  const top = Math.floor((size - scale * GLYPH_HEIGHT) / 2);
  for (let row = 0; row < scale * GLYPH_HEIGHT; row++) {
    for (let column = 0; column < scale * GLYPH_WIDTH; column++) {
      if (!glyph[Math.floor(row / scale)]![Math.floor(column / scale)]) continue;
      const at = (((left + column) % size) + size) % size;
      frame[(top + row) * size + at] = 1;
    }
  }
}
