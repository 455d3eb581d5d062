/** The points of a batch that are seen: what draws each of them at a cost is given no others. */
import type { Area, Mapping, PointBatch } from './points';

/** @returns its own batch; whoever has it drawn releases it */
export function visiblePart(batch: PointBatch, { unit, origin }: Mapping, area: Area): PointBatch {
  const { positions, colours, shapes, radius } = batch;
  const n = shapes.length;
  const reach = 1.5 * radius + 1;
  const [left, right] = [(area.left - reach - origin.x) / unit.x, (area.left + area.width + reach - origin.x) / unit.x];
  const [low, high] = [(origin.y - area.top - area.height - reach) / unit.y, (origin.y - area.top + reach) / unit.y];
  const seen = new Int32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const [x, y] = [positions[2 * i]!, positions[2 * i + 1]!];
    if (x >= left && x <= right && y >= low && y <= high && colours[4 * i + 3] !== 0) seen[count++] = i;
  }
  const part: PointBatch = {
    ...batch,
    positions: new Float32Array(2 * count),
    colours: new Uint8Array(4 * count),
    shapes: new Uint8Array(count),
  };
  const from = new Uint32Array(colours.buffer, colours.byteOffset, n);
  const to = new Uint32Array(part.colours.buffer);
  for (let i = 0; i < count; i++) {
    const at = seen[i]!;
    part.positions[2 * i] = positions[2 * at]!;
    part.positions[2 * i + 1] = positions[2 * at + 1]!;
    to[i] = from[at]!;
    part.shapes[i] = shapes[at]!;
  }
  return part;
}
