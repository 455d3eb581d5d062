/** The rung below WebGL: the same points by the 2D canvas, one path for each look. */
import { SHAPES } from '../palette';
import { CORNERS } from '../../kernel/views/categories';
import type { Area, Mapping, PointBatch } from './points';

/** @param paper has CSS pixels as its unit */
export function drawCanvasPoints(
  paper: CanvasRenderingContext2D,
  batch: PointBatch,
  { unit, origin }: Mapping,
  area: Area,
): void {
  const { positions, colours, shapes, radius } = batch;
  paper.save();
  paper.beginPath();
  paper.rect(area.left, area.top, area.width, area.height);
  paper.clip();
  for (const indices of byLook(colours, shapes)) {
    const first = indices[0]!;
    paper.beginPath();
    for (const i of indices) {
      const x = positions[2 * i]! * unit.x + origin.x;
      const y = origin.y - positions[2 * i + 1]! * unit.y;
      trace(paper, x, y, radius, shapes[i]!);
    }
    const [r, g, b, a] = colours.subarray(first * 4, first * 4 + 4);
    paper.fillStyle = `rgba(${r}, ${g}, ${b}, ${(a ?? 0) / 255})`;
    paper.fill();
  }
  paper.restore();
}

/** Indices of the points that are seen, grouped by colour and shape. */
function byLook(colours: Uint8Array, shapes: Uint8Array): Iterable<number[]> {
  const looks = new Map<number, number[]>();
  const words = new Uint32Array(colours.buffer, colours.byteOffset, colours.byteLength / 4);
  for (let i = 0; i < words.length; i++) {
    if (colours[4 * i + 3] === 0) continue;
    const look = words[i]! * SHAPES.length + shapes[i]!;
    const indices = looks.get(look);
    if (indices === undefined) looks.set(look, [i]);
    else indices.push(i);
  }
  return looks.values();
}

function trace(paper: CanvasRenderingContext2D, x: number, y: number, radius: number, shape: number): void {
  const name = SHAPES[shape] ?? 'circle';
  if (name === 'circle') {
    paper.moveTo(x + radius, y);
    paper.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  CORNERS[name].forEach(([dx, dy], i) => {
    if (i === 0) paper.moveTo(x + dx * radius, y + dy * radius);
    else paper.lineTo(x + dx * radius, y + dy * radius);
  });
  paper.closePath();
}
