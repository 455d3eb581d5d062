/** Sound as a picture: how loud each frequency is, when. */

/** Samples of a window, a power of two. */
const WINDOW = 256;
const STEP = 4;
/** Decibels below the loudest, from which on all is silence. */
export const DEPTH = 80;
/** What counts as nothing, so that silence has a level. */
const NOTHING = 1e-5;

export interface Spectrogram {
  /** [rows · columns] decibels below full scale, row by row, the highest frequency first. */
  decibels: Float32Array;
  rows: number;
  columns: number;
  /** Hertz of the first row; the last is 0. */
  highest: number;
}

/**
 * The power of windows of 256 samples (fewer where the sound is shorter), Hann's, each a quarter of one after the other.
 *
 * @param samples in [−1, 1]
 * @param rate samples a second
 */
export function spectrogram(samples: ArrayLike<number>, rate: number): Spectrogram {
  const size = Math.min(WINDOW, 2 ** Math.floor(Math.log2(Math.max(2, samples.length))));
  const hop = Math.max(1, size / STEP);
  const columns = Math.max(1, Math.floor((samples.length - size) / hop) + 1);
  const rows = size / 2 + 1;
  const decibels = new Float32Array(rows * columns);
  const window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
  // A sine of amplitude 1 has 0 dB: its power lies in two lines, each half of the window's sum high.
  const full = (window.reduce((sum, w) => sum + w, 0) / 2) ** 2;
  for (let column = 0; column < columns; column++) {
    const real = window.map((w, i) => w * (samples[column * hop + i] ?? 0));
    const imaginary = new Float64Array(size);
    transform(real, imaginary);
    for (let row = 0; row < rows; row++) {
      const line = rows - 1 - row;
      const power = (real[line]! ** 2 + imaginary[line]! ** 2) / full;
      decibels[row * columns + column] = 10 * Math.log10(Math.max(power, NOTHING ** 2));
    }
  }
  return { decibels, rows, columns, highest: rate / 2 };
}

/** The discrete Fourier transform in place, by halves (Cooley and Tukey 1965); the length is a power of two. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j]!, real[i]!];
      [imaginary[i], imaginary[j]] = [imaginary[j]!, imaginary[i]!];
    }
  }
  for (let length = 2; length <= n; length *= 2) {
    for (let start = 0; start < n; start += length) {
      for (let k = 0; k < length / 2; k++) {
        const angle = (-2 * Math.PI * k) / length;
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        const [a, b] = [start + k, start + k + length / 2];
        const [re, im] = [real[b]! * cos - imaginary[b]! * sin, real[b]! * sin + imaginary[b]! * cos];
        [real[b], imaginary[b]] = [real[a]! - re, imaginary[a]! - im];
        [real[a], imaginary[a]] = [real[a]! + re, imaginary[a]! + im];
      }
    }
  }
}
