/** How latent points are put in words. */
import { coordinate, count, norm } from '../../numbers';
import { classNameOf, indexOf } from './model';
import type { LatentData } from './model';

/** Coordinates written out at most; of more, the shown axes only. */
const WRITTEN = 4;

/** What is looked at: a place in the latent space, and the point that lies there if one was hit. */
export interface Target {
  z: number[];
  point: number | null;
}

/** `z = (0.52, −1.31)`, `‖z‖ = 1.41`, `point 12 · Ankle boot` */
export function targetLines({ z, point }: Target, data: LatentData, axes: readonly [number, number]): string[] {
  const lines = [coordinatesText(z, point, data, axes), `‖z‖ = ${coordinate(norm(z))}`];
  if (point !== null) lines.push(pointText(point, data));
  return lines;
}

function coordinatesText(z: number[], point: number | null, data: LatentData, axes: readonly [number, number]): string {
  if (z.length <= WRITTEN) return `z = (${z.map(coordinate).join(', ')})`;
  const named = namedCoordinates(z, data, axes);
  return point === null ? `${named}, others 0` : `${named}, and ${z.length - axes.length} more`;
}

export function pointText(point: number, data: LatentData): string {
  const name = classNameOf(data, point);
  const text = `point ${count(indexOf(data, point))}`;
  return name === undefined ? text : `${text} · ${name}`;
}

/** The card beside the pointer says: `Ankle boot · z₁ 0.52, z₂ −1.31 · ‖z‖ 1.41 · point 12` */
export function hoverText(
  { z, point }: Target,
  data: LatentData,
  axes: readonly [number, number],
  extra: string | null = null,
): string {
  const name = point === null ? undefined : classNameOf(data, point);
  const parts = [`‖z‖ ${coordinate(norm(z))}`, ...(point === null ? [] : [`point ${count(indexOf(data, point))}`])];
  return [
    ...(name === undefined ? [] : [name]),
    namedCoordinates(z, data, axes),
    ...parts,
    ...(extra === null ? [] : [extra]),
  ].join(' · ');
}

function namedCoordinates(z: number[], data: LatentData, axes: readonly [number, number]): string {
  const shown = data.d === 1 ? axes.slice(0, 1) : axes;
  return shown.map((axis) => `${data.dimensions[axis]} ${coordinate(z[axis] ?? 0)}`).join(', ');
}

/** For screen readers: `z₁ 0.52, z₂ −1.31, norm 1.41. point 12 · Ankle boot.` */
export function spokenTarget({ z, point }: Target, data: LatentData, axes: readonly [number, number]): string {
  return `${namedCoordinates(z, data, axes)}, norm ${coordinate(norm(z))}.${point === null ? '' : ` ${pointText(point, data)}.`}`;
}
