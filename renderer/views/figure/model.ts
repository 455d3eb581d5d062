/** The JSON of a figure, and its numbers as a table. */
import * as z from '../../schema';
import type { FigureData, LayerData } from '../../../kernel/figures/own/data';
import type { FigureView } from '../../../kernel/views/types';
import { encodedArray, viewBase } from '../../data';
import type { Cell, TableData } from '../../figure/table';

const axis = z.object({ title: z.string(), log: z.optional(z.boolean()) });
const common = { name: z.string(), colour: z.number() };

export const figureSchema: z.Schema<FigureView> = z.object({
  ...viewBase,
  x: axis,
  y: axis,
  layers: z.array(
    z.union([
      z.object({
        ...common,
        kind: z.enum(['curve', 'path']),
        x: z.optional(encodedArray),
        y: encodedArray,
        low: z.optional(encodedArray),
        high: z.optional(encodedArray),
        error: z.optional(encodedArray),
        spread: z.optional(z.string()),
        hasMarkers: z.optional(z.boolean()),
      }),
      z.object({
        ...common,
        kind: z.literal('points'),
        x: encodedArray,
        y: encodedArray,
        groups: z.optional(z.object({ names: z.array(z.string()), of: encodedArray })),
        values: z.optional(z.object({ name: z.string(), of: encodedArray })),
        size: z.number(),
      }),
      z.object({ ...common, kind: z.literal('bars'), edges: encodedArray, heights: encodedArray }),
      z.object({
        kind: z.literal('surface'),
        name: z.string(),
        x: encodedArray,
        y: encodedArray,
        z: encodedArray,
        levels: z.array(z.number()),
      }),
    ]),
  ),
  lines: z.array(z.object({ axis: z.enum(['x', 'y']), value: z.number(), text: z.string() })),
  isEqual: z.optional(z.boolean()),
  notes: z.array(z.string()),
});

/** A row for each point, bin or cell, one layer after the other. */
export function figureTable({ x, y, layers }: FigureData): TableData {
  const [across, up] = [x.title || 'x', y.title || 'y'];
  const isOne = layers.length === 1;
  const kinds = new Set(layers.map(({ kind }) => (kind === 'path' ? 'curve' : kind)));
  const hasBand = layers.some((layer) => 'low' in layer && layer.low !== undefined);
  const hasGroups = layers.some((layer) => layer.kind === 'points' && layer.groups);
  const values = layers.flatMap((layer) => (layer.kind === 'points' && layer.values ? [layer.values.name] : []))[0];
  const columns = [
    ...(isOne ? [] : ['series']),
    ...(kinds.has('bars') ? ['from', 'to'] : [across]),
    ...(kinds.has('bars') && kinds.size > 1 ? [across] : []),
    up,
    ...(hasBand ? ['low', 'high'] : []),
    ...(hasGroups ? ['group'] : []),
    ...(values === undefined ? [] : [values]),
    ...layers.flatMap((layer) => (layer.kind === 'surface' ? [layer.name] : [])),
  ];
  const starts: number[] = [];
  let rows = 0;
  for (const layer of layers) {
    starts.push(rows);
    rows += lengthOf(layer);
  }
  const row = (index: number): Cell[] => {
    const at = starts.findLastIndex((start) => start <= index);
    const cells = cellsOf(layers[at]!, index - starts[at]!, { across, up, value: values });
    return columns.map((column) => (column === 'series' ? layers[at]!.name : (cells[column] ?? null)));
  };
  return { columns, rows, row };
}

function lengthOf(layer: LayerData): number {
  if (layer.kind === 'surface') return layer.z.length;
  return layer.kind === 'bars' ? layer.heights.length : layer.y.length;
}

interface Names {
  across: string;
  up: string;
  value: string | undefined;
}

function cellsOf(layer: LayerData, i: number, { across, up, value }: Names): Record<string, Cell> {
  switch (layer.kind) {
    case 'surface': {
      const width = layer.x.length;
      return { [across]: layer.x[i % width]!, [up]: layer.y[Math.floor(i / width)]!, [layer.name]: layer.z[i]! };
    }
    case 'bars':
      return { from: layer.edges[i]!, to: layer.edges[i + 1]!, [up]: layer.heights[i]! };
    case 'points': {
      const group = layer.groups && { group: layer.groups.names[layer.groups.of[i]!] ?? '' };
      const own = value !== undefined && layer.values && { [value]: layer.values.of[i]! };
      return { [across]: layer.x[i]!, [up]: layer.y[i]!, ...group, ...own };
    }
    default: {
      const band = layer.low && layer.high && { low: layer.low[i]!, high: layer.high[i]! };
      return { [across]: layer.x[i]!, [up]: layer.y[i]!, ...band };
    }
  }
}
