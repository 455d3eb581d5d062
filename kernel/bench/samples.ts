/** What the workloads train on: made of the 10,000 images that the library ships, and codes by chance. */
import { Dataset, fashionMnist, randomStream } from '../autoencoders/index';
import { CODES, COLOUR, FRAMES } from './workloads';

const SIDE = 28;

/** Images of 64 × 64: three grey images in a row of the data set, each in a channel, their pixels repeated. */
export async function colourImages(count = 1024): Promise<Dataset> {
  const { size } = COLOUR;
  const { values: grey } = await fashionMnist();
  const near = (at: number) => Math.floor((at * SIDE) / size);
  const values = new Float32Array(count * size * size * 3);
  let at = 0;
  for (let i = 0; i < count; i++) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        for (let channel = 0; channel < 3; channel++) {
          values[at++] = grey[((i + channel) * SIDE + near(row)) * SIDE + near(column)]!;
        }
      }
    }
  }
  return new Dataset({ values, shape: { kind: 'image', height: size, width: size, channels: 3 } });
}

/** Images that move to the right by a pixel a frame, round the edge: a frame below the other. */
export async function movingImages(count = 512): Promise<Dataset> {
  const { values: grey } = await fashionMnist();
  const values = new Float32Array(count * FRAMES * SIDE * SIDE);
  let at = 0;
  for (let i = 0; i < count; i++) {
    for (let frame = 0; frame < FRAMES; frame++) {
      for (let row = 0; row < SIDE; row++) {
        for (let column = 0; column < SIDE; column++) {
          values[at++] = grey[(i * SIDE + row) * SIDE + ((column - frame + SIDE) % SIDE)]!;
        }
      }
    }
  }
  return new Dataset({ values, shape: { kind: 'image', height: FRAMES * SIDE, width: SIDE, channels: 1 } });
}

/** Maps of codes, each as likely. */
export function codeMaps(seed: number, count = 2048): Dataset {
  const width = CODES.size ** 2;
  const stream = randomStream(seed, 'bench-codes');
  const values = Float32Array.from({ length: count * width }, () => stream.integer(CODES.codebookSize));
  const features = Array.from({ length: width }, (_, i) => `c${i + 1}`);
  return new Dataset({ values, shape: { kind: 'vector', features } });
}
