/** Real images and a real, if linear, autoencoder of them: principal components by subspace iteration. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const PIXELS = 784;
export const SHAPE = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
export const CLASSES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

export interface Images {
  n: number;
  /** [n · 784] in 0…1. */
  pixels: Float32Array;
  labels: number[];
}

/** The first `n` images of Fashion-MNIST's test set. */
export function fashion(n: number): Images {
  const read = (name: string) => gunzipSync(readFileSync(`samples/data/${name}`));
  const images = read('t10k-images-idx3-ubyte.gz').subarray(16, 16 + n * PIXELS);
  const labels = read('t10k-labels-idx1-ubyte.gz').subarray(8, 8 + n);
  return { n, pixels: Float32Array.from(images, (value) => value / 255), labels: [...labels] };
}

export class Pca {
  private constructor(
    private readonly mean: Float64Array,
    /** Orthonormal directions, the largest variance first. */
    private readonly directions: Float64Array[],
  ) {}

  static fit({ n, pixels }: Images, components: number, rounds = 12): Pca {
    const mean = new Float64Array(PIXELS);
    pixels.forEach((value, i) => (mean[i % PIXELS]! += value / n));
    let directions: Float64Array[] = Array.from({ length: components }, (_, c) =>
      Float64Array.from({ length: PIXELS }, (_, i) => Math.sin((c + 1) * (i + 1))),
    );
    for (let round = 0; round < rounds; round++) {
      directions = orthonormalize(directions.map((direction) => covarianceTimes(pixels, n, mean, direction)));
    }
    return new Pca(mean, directions);
  }

  encode({ n, pixels }: Images, components: number): Float32Array {
    const z = new Float32Array(n * components);
    for (let k = 0; k < n; k++) {
      for (let c = 0; c < components; c++) {
        let sum = 0;
        for (let i = 0; i < PIXELS; i++) sum += (pixels[k * PIXELS + i]! - this.mean[i]!) * this.directions[c]![i]!;
        z[k * components + c] = sum;
      }
    }
    return z;
  }

  decode(z: ArrayLike<number>, components: number): Float32Array {
    const n = z.length / components;
    const pixels = new Float32Array(n * PIXELS);
    for (let k = 0; k < n; k++) {
      for (let i = 0; i < PIXELS; i++) {
        let value = this.mean[i]!;
        for (let c = 0; c < components; c++) value += z[k * components + c]! * this.directions[c]![i]!;
        pixels[k * PIXELS + i] = Math.min(1, Math.max(0, value));
      }
    }
    return pixels;
  }
}

function covarianceTimes(pixels: Float32Array, n: number, mean: Float64Array, direction: Float64Array): Float64Array {
  const product = new Float64Array(PIXELS);
  for (let k = 0; k < n; k++) {
    let along = 0;
    for (let i = 0; i < PIXELS; i++) along += (pixels[k * PIXELS + i]! - mean[i]!) * direction[i]!;
    for (let i = 0; i < PIXELS; i++) product[i]! += along * (pixels[k * PIXELS + i]! - mean[i]!);
  }
  return product;
}

function orthonormalize(vectors: Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const vector of vectors) {
    for (const other of done) {
      const along = vector.reduce((sum, value, i) => sum + value * other[i]!, 0);
      vector.forEach((_, i) => (vector[i]! -= along * other[i]!));
    }
    const length = Math.hypot(...vector);
    done.push(vector.map((value) => value / length));
  }
  return done;
}
