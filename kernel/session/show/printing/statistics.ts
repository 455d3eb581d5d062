/** The numbers of a tensor in a line: `min 0, max 1, mean 0.2861, std 0.353`, and what is not finite. */

/** Fewer are read faster than their statistics. */
const LEAST = 10;

/** @returns undefined for what has no statistics: few values, texts, complex numbers */
export function statisticsText(dtype: string, values: ArrayLike<unknown>): string | undefined {
  if (values.length < LEAST) return undefined;
  if (dtype === 'bool') return `${count(trues(values as ArrayLike<number>))} of ${count(values.length)} true`;
  return dtype === 'float32' || dtype === 'int32' ? numbersText(values as ArrayLike<number>) : undefined;
}

function numbersText(values: ArrayLike<number>): string {
  let [finite, sum, least, most] = [0, 0, Infinity, -Infinity];
  const special = { NaN: 0, Infinity: 0, '-Infinity': 0 };
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) {
      finite++;
      sum += value;
      if (value < least) least = value;
      if (value > most) most = value;
    } else special[String(value) as keyof typeof special]++;
  }
  const counted = Object.entries(special).flatMap(([name, times]) => (times > 0 ? [`${count(times)} ${name}`] : []));
  if (finite === 0) return counted.join(', ');
  const mean = sum / finite;
  // The differences are squared: squares of large numbers would leave no digits of a small spread.
  let squares = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) squares += (values[i]! - mean) ** 2;
  const facts = { min: least, max: most, mean, std: Math.sqrt(squares / finite) };
  const text = Object.entries(facts).map(
    ([name, value]) => `${name} ${Number.isInteger(value) ? value : Number(value.toPrecision(4))}`,
  );
  return [...text, ...counted].join(', ');
}

function trues(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) if (values[i]) sum++;
  return sum;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
