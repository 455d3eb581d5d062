import type * as tf from '@tensorflow/tfjs';
import { object, sampleInput, takes } from '../arguments';
import { mapRows, shapeText, widthOf } from '../samples';
import type { ImageShape, SampleInput, SampleShape } from '../samples';

/**
 * How sharp images are: the mean of the squared difference of neighbouring pixels, over all pairs that are next to each
 * other in a row or a column, all channels and all images; in squared units of the pixels. Blur lowers it and noise
 * raises it, so compare it with the value of the data.
 *
 * @param shape of one image: `data.shape`
 * @throws TypeError if the samples are not images of this shape
 */
export async function gradientEnergy(images: SampleInput, shape: SampleShape): Promise<number> {
  takes('gradientEnergy', ['images', images, sampleInput], ['shape', shape, object('kind')]);
  if (shape.kind !== 'image') throw new TypeError(`gradientEnergy needs images; found ${shapeText(shape)}.`);
  const width = widthOf(shape);
  const expected = { caller: 'gradientEnergy', width, description: `rows of ${width} values (${shapeText(shape)})` };
  const sums = mapRows(images, expected, (rows) => squaredDifferences(rows, shape));
  const values = await sums.data();
  sums.dispose();
  const { height, width: columns, channels } = shape;
  const pairs = ((height - 1) * columns + height * (columns - 1)) * channels;
  return Array.from(values).reduce((sum, value) => sum + value, 0) / (values.length * pairs);
}

/** Sum over all neighbours in each image: [n]. */
function squaredDifferences(rows: tf.Tensor2D, { height, width, channels }: ImageShape): tf.Tensor1D {
  const images = rows.reshape([-1, height, width, channels]);
  const along = (axis: 1 | 2, size: number) => {
    const from = (start: number) => {
      const begin = [0, 0, 0, 0];
      const extent = [-1, height, width, channels];
      begin[axis] = start;
      extent[axis] = size - 1;
      return images.slice(begin, extent);
    };
    return from(1).sub(from(0)).square().sum([1, 2, 3]);
  };
  return along(1, height).add(along(2, width)) as tf.Tensor1D;
}
