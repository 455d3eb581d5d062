/**
 * The gradient of maxima over windows of volumes on tfjs's backend `cpu`, whose own kernel counts the places of a window
 * as if it were as wide as high.
 */
import * as tf from '@tensorflow/tfjs';
import { pool3D } from '../ops/images/pooling';
import type { Axis } from '../ops/images/windows';

export function mendMaxima(): void {
  const kernel = tf.getKernel(tf.MaxPool3DGrad, 'cpu');
  if (!kernel) return;
  tf.unregisterKernel(tf.MaxPool3DGrad, 'cpu');
  tf.registerKernel({ ...kernel, kernelFunc: maximumGradient });
}

const maximumGradient: tf.KernelFunc = ({ inputs, attrs, backend: given }) => {
  const backend = given as tf.KernelBackend;
  const { dy, input } = inputs as { dy: tf.TensorInfo; input: tf.TensorInfo };
  const shape = [...input.shape];
  const { axes, batch, inChannels: channels, outShape } = pool3D(shape, attrs as unknown as tf.AvgPool3DAttrs);
  const [outer, x] = [dy, input].map(({ dataId }) => backend.readSync(dataId) as Float32Array) as [Values, Values];
  const gradient = new Float32Array(x.length);
  const places = x.length / batch / channels;
  const perImage = tf.util.sizeFromShape([...outShape]) / batch / channels;
  const windows = windowsOver(axes);
  for (let image = 0; image < batch; image++) {
    windows.forEach((window, o) => {
      for (let channel = 0; channel < channels; channel++) {
        const at = lastMaximum(window, (place) => x[(image * places + place) * channels + channel]!);
        if (at === undefined) continue;
        gradient[(image * places + at) * channels + channel]! += outer[(image * perImage + o) * channels + channel]!;
      }
    });
  }
  return { dataId: backend.write(gradient, shape, 'float32'), shape, dtype: 'float32' };
};

type Values = Float32Array;

/** The places of the input under each window, row by row. */
function windowsOver(axes: readonly Axis[]): number[][] {
  return axes.reduce<number[][]>(
    (outer, axis) =>
      outer.flatMap((window) =>
        along(axis).map((own) => window.flatMap((place) => own.map((i) => place * axis.input + i))),
      ),
    [[0]],
  );
}

/** The places under each window along one axis. */
function along({ input, output, filter, stride, before }: Axis): number[][] {
  const isInside = (i: number) => i >= 0 && i < input;
  return Array.from({ length: output }, (_, o) =>
    Array.from({ length: filter }, (__, k) => o * stride + k - before).filter(isInside),
  );
}

/** Where the largest stands; the last of equal ones, as tfjs chooses. */
function lastMaximum(window: readonly number[], at: (place: number) => number): number | undefined {
  let [largest, found]: [number, number | undefined] = [-Infinity, undefined];
  for (const place of window) if (at(place) >= largest) [largest, found] = [at(place), place];
  return found;
}
