/** A look at numbers in memory, [m, d] row by row, of samples of a shape. */
import { featureAt, rowShapeOf, widthOf, type SampleShape } from '../../samples';
import { ColumnLook } from './columnLook';
import { PREVIEW_COLUMNS, PREVIEW_ROWS, type DataSurvey, type ValueRange } from './facts';
import { rangeOfColumns, tableSurvey } from './tableLook';

/** Columns that are each looked at; longer vectors hold pixels or the like, and are described as a whole. */
const MOST_COLUMNS = 4096;

/** @param values those of the first samples, or of all */
export function surveyNumbers(
  name: string,
  values: ArrayLike<number>,
  shape: SampleShape,
  told: Pick<DataSurvey, 'reader' | 'format' | 'bytes'> & { rows: number },
): DataSurvey {
  const width = widthOf(shape);
  const looked = Math.floor(values.length / width);
  const { rows, ...others } = told;
  const found = { ...tableSurvey(name, others), rows, looked, preview: previewOf(values, width, looked) };
  if (shape.kind === 'vector' && width <= MOST_COLUMNS) {
    const columns = shape.features.map((feature) => new ColumnLook(feature));
    let rowsMissing = 0;
    for (let row = 0; row < looked; row++) {
      let lacks = false;
      for (let i = 0; i < width; i++) {
        const value = values[row * width + i]!;
        columns[i]!.see(value, () => `row ${row}`);
        lacks ||= Number.isNaN(value);
      }
      if (lacks) rowsMissing += 1;
    }
    return { ...found, columns: columns.map(({ survey }) => survey), range: rangeOfColumns(columns, rowsMissing) };
  }
  const kind = shape.kind === 'image' ? 'images' : shape.kind === 'sequence' ? 'sequences' : 'arrays';
  return { ...found, kind, shape: [...rowShapeOf(shape)], range: rangeOf(values, shape) };
}

/** How often each class comes; samples of none are left out. */
export function classCounts(
  labels: ArrayLike<number> | null | undefined,
  names: readonly string[] = [],
): DataSurvey['classes'] {
  if (!labels) return null;
  const counts = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) counts.set(labels[i]!, (counts.get(labels[i]!) ?? 0) + 1);
  const known = [...counts].filter(([label]) => label >= 0).sort(([a], [b]) => a - b);
  return known.map(([label, count]) => ({ name: names[label] ?? String(label), count }));
}

function rangeOf(values: ArrayLike<number>, shape: SampleShape): ValueRange {
  const width = widthOf(shape);
  const place = (i: number) => {
    const feature = featureAt(shape, i % width);
    return `row ${Math.floor(i / width)}, ${feature === undefined ? `value ${i % width}` : `column “${feature}”`}`;
  };
  const lacking = new Set<number>();
  let [low, high, binary, missing, infinite] = [Infinity, -Infinity, true, 0, 0];
  let firstMissing: string | null = null;
  let firstInfinite: string | null = null;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      if (missing++ === 0) firstMissing = place(i);
      lacking.add(Math.floor(i / width));
    } else if (!Number.isFinite(Math.fround(value))) {
      if (infinite++ === 0) firstInfinite = place(i);
    } else {
      if (value < low) low = value;
      if (value > high) high = value;
      if (value !== 0 && value !== 1) binary = false;
    }
  }
  return { low, high, binary, missing, rowsMissing: lacking.size, firstMissing, infinite, firstInfinite };
}

function previewOf(values: ArrayLike<number>, width: number, looked: number): string[][] {
  const rows = Math.min(looked, PREVIEW_ROWS);
  const columns = Math.min(width, PREVIEW_COLUMNS);
  const text = (value: number) => (Number.isNaN(value) ? '' : String(Number(value.toPrecision(6))));
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, i) => text(values[row * width + i]!)),
  );
}
