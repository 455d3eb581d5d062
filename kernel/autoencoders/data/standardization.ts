/** z = (x − mean) / scale, column by column; [d] each. */
export interface Standardization {
  /** The mean of each value: [d]. */
  mean: Float32Array;
  /** Standard deviation; 1 where a column does not vary. */
  scale: Float32Array;
}

/**
 * Mean and standard deviation of each column of `values` [n, d], in float64. Missing values (NaN) count for neither; a
 * column of nothing else has mean 0 and scale 1.
 * A column varies when its deviation is more than the rounding of its values to float32.
 */
export function measureStandardization(values: Float32Array, width: number): Standardization {
  const counts = new Float64Array(width);
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) counts[i % width]! += 1;
  const mean = new Float64Array(width);
  const largest = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    mean[i % width]! += values[i]! / counts[i % width]!;
    largest[i % width] = Math.max(largest[i % width]!, Math.abs(values[i]!));
  }
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    squares[i % width]! += (values[i]! - mean[i % width]!) ** 2 / counts[i % width]!;
  }
  const scale = Float32Array.from(squares, (square, column) => {
    const deviation = Math.sqrt(square);
    return deviation > largest[column]! * 2 ** -24 ? deviation : 1;
  });
  return { mean: Float32Array.from(mean), scale };
}

/** Missing values (NaN) stay so. @throws RangeError when the transform is for another number of columns */
export function applyStandardization(values: Float32Array, { mean, scale }: Standardization): Float32Array {
  const width = mean.length;
  if (values.length % width !== 0)
    throw new RangeError(`The standardization is for ${width} columns, the data has others.`);
  return values.map((value, i) => (value - mean[i % width]!) / scale[i % width]!);
}
