/** z = (x − mean) / scale, column by column; [d] each. */
export interface Standardization {
  mean: Float32Array;
  /** Standard deviation; 1 where a column does not vary. */
  scale: Float32Array;
}

/**
 * Mean and standard deviation of each column of `values` [n, d], in two passes and float64.
 * A column varies when its deviation is more than the rounding of its values to float32.
 */
export function measureStandardization(values: Float32Array, width: number): Standardization {
  const count = values.length / width;
  const mean = new Float64Array(width);
  const largest = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let i = 0; i < values.length; i++) {
    mean[i % width]! += values[i]! / count;
    largest[i % width] = Math.max(largest[i % width]!, Math.abs(values[i]!));
  }
  for (let i = 0; i < values.length; i++) squares[i % width]! += (values[i]! - mean[i % width]!) ** 2 / count;
  const scale = Float32Array.from(squares, (square, column) => {
    const deviation = Math.sqrt(square);
    return deviation > largest[column]! * 2 ** -24 ? deviation : 1;
  });
  return { mean: Float32Array.from(mean), scale };
}

/** @throws RangeError when the transform is for another number of columns */
export function applyStandardization(values: Float32Array, { mean, scale }: Standardization): Float32Array {
  const width = mean.length;
  if (values.length % width !== 0)
    throw new RangeError(`The standardization is for ${width} columns, the data has others.`);
  return values.map((value, i) => (value - mean[i % width]!) / scale[i % width]!);
}
