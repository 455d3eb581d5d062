/** A TD-VAE that is trained briefly on moving digits, and what it predicts. */
import { movingDigits, TDVAE } from '../../autoencoders/index';

const [size, frames, seen, steps] = [8, 10, 5, 2];
const d = size * size;

export interface Predictions {
  /** Mean ‖x − x̂‖² of the first frame that was not seen: of the model, the last frame seen, and the mean frame. */
  model: number;
  lastFrame: number;
  meanFrame: number;
  /** Share of sequences whose second predicted frame lies on the side that the digit moves to. */
  directionKept: number;
}

let predicted: Promise<Predictions> | undefined;

/** The same training for all that ask. */
export function predictions(): Promise<Predictions> {
  return (predicted ??= trainAndPredict());
}

async function trainAndPredict(): Promise<Predictions> {
  const digits = [1, 2, 7];
  const data = movingDigits({ count: 512, frames, size, digits, seed: 1 });
  const heldOut = movingDigits({ count: 300, frames, size, digits, seed: 2 });
  const model = new TDVAE({ input: data.shape, frames, hidden: [100], jumps: [1, 1], seed: 1 });
  await model.fit(data, { epochs: 100, batchSize: 32, learningRate: 2e-3 });

  const rolledOut = model.rollout(heldOut, { from: seen, steps, seed: 3 });
  const values = await rolledOut.data();
  rolledOut.dispose();
  model.dispose();
  const frameOf = (i: number, t: number) => heldOut.values.subarray((i * frames + t) * d, (i * frames + t + 1) * d);
  const predictedFrame = (i: number, step: number) =>
    values.subarray((i * steps + step) * d, (i * steps + step + 1) * d);
  const mean = meanFrame(data.values);
  const average = (of: (i: number) => number) => Array.from({ length: heldOut.length }, (_, i) => of(i)).reduce((sum, value) => sum + value, 0) / heldOut.length; // prettier-ignore
  return {
    model: average((i) => squaredError(predictedFrame(i, 0), frameOf(i, seen))),
    lastFrame: average((i) => squaredError(frameOf(i, seen - 1), frameOf(i, seen))),
    meanFrame: average((i) => squaredError(mean, frameOf(i, seen))),
    directionKept: average((i) => {
      const moved = shiftBetween(frameOf(i, seen - 1), predictedFrame(i, 1));
      return Math.sign(moved) === (heldOut.labels![i] === 1 ? 1 : -1) ? 1 : 0;
    }),
  };
}

function meanFrame(values: Float32Array): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0; i < values.length; i++) mean[i % d]! += (values[i]! * d) / values.length;
  return mean;
}

function squaredError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

/** By how many columns, around the edge, the first frame is to be moved to resemble the second most. */
function shiftBetween(before: ArrayLike<number>, after: ArrayLike<number>): number {
  const overlap = (shift: number) => {
    let sum = 0;
    for (let i = 0; i < d; i++) {
      const column = (((i % size) - shift + size) % size) - (i % size);
      sum += after[i]! * before[i + column]!;
    }
    return sum;
  };
  // A shift by half of the width would be to either side.
  const shifts = [-3, -2, -1, 0, 1, 2, 3];
  return shifts.reduce((best, shift) => (overlap(shift) > overlap(best) ? shift : best));
}
