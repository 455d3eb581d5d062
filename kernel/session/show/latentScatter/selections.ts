/** A reader's selection in a scatter, as rows of the data: those that the view does not hold among them. */
import type { Dataset } from '../../../autoencoders/index';
import type { SelectionMade } from '../../../protocol';
import { placesOf, pointsInside, selected, unpackMask, type Region } from '../../../views/scatter/selecting';

/** A selection that was kept as a variable. */
export interface LatentSelection {
  /** Which rows of the data set of the scatter it has, ascending. */
  readonly indices: Int32Array;
  /** These rows, for `fit` and whatever else takes data. */
  readonly rows: Dataset;
  /** The class of each row, or null. */
  readonly labels: Int32Array | null;
}

export interface SelectableRows {
  data: Dataset;
  /** Which row each point of the view is. */
  shown: ArrayLike<number>;
  /** [n] class of each row as the view has it, or null. */
  labels: ArrayLike<number> | null;
  /** [2n] of all rows on the axes of each region; undefined for a space that knows the shown ones alone. */
  planes: readonly (Float32Array | undefined)[];
}

/**
 * The rows of a selection, ascending. Where the shapes that it was drawn with can be drawn among all rows they are; else
 * it has those that the view holds.
 *
 * @throws RangeError when the selection is one of another view
 */
export function rowsOf(made: SelectionMade, { data, shown, labels, planes }: SelectableRows): Int32Array {
  const points = unpackMask(Buffer.from(made.points, 'base64'), shown.length);
  const regions = made.regions as Region[];
  const isWhole = shown.length === data.length;
  if (isWhole || regions.length === 0 || planes.includes(undefined)) {
    return placesOf(points).map((point) => shown[point]!);
  }
  let mask: Uint8Array | null = null;
  regions.forEach(({ mode, polygon, hidden }, i) => {
    const isHidden = (row: number) => labels !== null && hidden.includes(labels[row]!);
    mask = selected(mask, pointsInside(planes[i]!, polygon), mode, hidden.length > 0 ? isHidden : null);
  });
  return placesOf(mask!);
}

export function selectionOf(indices: Int32Array, data: Dataset): LatentSelection {
  const rows = data.select(indices);
  return { indices, rows, labels: rows.labels };
}
