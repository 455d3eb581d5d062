import * as z from '../../schema';
import { DIAGRAM_COLUMNS, diagramRows } from '../../../kernel/figures/diagram/diagramRows';
import type { DiagramView } from '../../../kernel/views/types';
import { viewBase } from '../../data';
import type { TableData } from '../../figure/table';

const point = z.tuple([z.number(), z.number()]);

export const diagramSchema: z.Schema<DiagramView> = z.object({
  ...viewBase,
  parts: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['data', 'network', 'variables', 'codebook', 'random', 'term']),
      title: z.string(),
      lines: z.array(z.string()),
      parameters: z.optional(z.number()),
    }),
  ),
  arrows: z.array(z.object({ from: z.string(), to: z.string(), shape: z.string() })),
  parameters: z.number(),
  layouts: z
    .array(
      z.object({
        way: z.enum(['right', 'down']),
        width: z.number(),
        height: z.number(),
        boxes: z.array(z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })),
        ways: z.array(z.object({ points: z.array(point), label: z.nullable(point) })),
      }),
    )
    .check(z.minLength(1)),
  notes: z.array(z.string()),
});

export function diagramTable(view: DiagramView): TableData {
  const rows = diagramRows(view);
  return { columns: [...DIAGRAM_COLUMNS], rows: rows.length, row: (i) => rows[i]! };
}

/** The part next to one on the way of an arrow key: the nearest of those that lie there. */
export function neighbour(boxes: readonly { x: number; y: number }[], from: number, key: string): number | undefined {
  const ways: Record<string, [number, number]> = {
    ArrowRight: [1, 0],
    ArrowLeft: [-1, 0],
    ArrowDown: [0, 1],
    ArrowUp: [0, -1],
  };
  const [dx, dy] = ways[key] ?? [0, 0];
  const start = boxes[from];
  if (!start || (dx === 0 && dy === 0)) return undefined;
  let nearest: { index: number; distance: number } | undefined;
  for (const [index, { x, y }] of boxes.entries()) {
    const along = (x - start.x) * dx + (y - start.y) * dy;
    const aside = Math.abs((x - start.x) * dy) + Math.abs((y - start.y) * dx);
    if (along <= 1 || aside > 3 * along) continue;
    const distance = along + 2 * aside;
    if (!nearest || distance < nearest.distance) nearest = { index, distance };
  }
  return nearest?.index;
}
