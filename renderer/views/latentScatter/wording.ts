/** How latent points are put in words. */
import { WRITTEN } from '../../../kernel/figures/scatter/sample';
import { rowName } from '../../../kernel/views/wording';
import { coordinate, norm } from '../../numbers';
import { classNameOf, indexOf } from './model';
import type { LatentData } from './model';

/** What is looked at: a place in the latent space, and the point that lies there if one was hit. */
export interface Target {
  z: number[];
  point: number | null;
}

/** The plane that targets are spoken of on. */
export interface SpokenPlane {
  /** Names of the axes that are shown: one, two or three. */
  readonly axisNames: readonly string[];
  /** The values of a target on these axes. */
  valuesOf(target: Target): readonly number[];
  /** What the dimensions that are not shown are held at: `others 0`. */
  readonly rest: string;
}

/** `z = (0.52, −1.31)`, `‖z‖ = 1.41`, `row 12 · Ankle boot` */
export function targetLines(target: Target, data: LatentData, plane: SpokenPlane): string[] {
  const { z, point } = target;
  const lines = [coordinatesText(target, plane), `‖z‖ = ${coordinate(norm(z))}`];
  if (point !== null) lines.push(pointText(point, data));
  return lines;
}

function coordinatesText(target: Target, plane: SpokenPlane): string {
  const { z, point } = target;
  if (z.length <= WRITTEN) return `z = (${z.map(coordinate).join(', ')})`;
  const named = namedCoordinates(target, plane);
  return point === null ? `${named}, ${plane.rest}` : `${named}, and ${z.length - plane.axisNames.length} more`;
}

export function pointText(point: number, data: LatentData): string {
  const name = classNameOf(data, point);
  const text = rowName(indexOf(data, point));
  return name === undefined ? text : `${text} · ${name}`;
}

/** `row 12 · Ankle boot`, or `(0.52, −1.31)`. */
export function targetName({ z, point }: Target, data: LatentData): string {
  if (point !== null) return pointText(point, data);
  const written = z.slice(0, WRITTEN).map(coordinate).join(', ');
  return `(${written}${z.length > WRITTEN ? ', …' : ''})`;
}

/** The card beside the pointer says: `Ankle boot · z₁ 0.52, z₂ −1.31 · ‖z‖ 1.41 · row 12` */
export function hoverText(target: Target, data: LatentData, plane: SpokenPlane, extra: string | null = null): string {
  const { z, point } = target;
  const name = point === null ? undefined : classNameOf(data, point);
  const parts = [`‖z‖ ${coordinate(norm(z))}`, ...(point === null ? [] : [rowName(indexOf(data, point))])];
  return [
    ...(name === undefined ? [] : [name]),
    namedCoordinates(target, plane),
    ...parts,
    ...(extra === null ? [] : [extra]),
  ].join(' · ');
}

function namedCoordinates(target: Target, plane: SpokenPlane): string {
  const values = plane.valuesOf(target);
  return plane.axisNames.map((name, axis) => `${name} ${coordinate(values[axis]!)}`).join(', ');
}

/** For screen readers: `z₁ 0.52, z₂ −1.31, norm 1.41. row 12 · Ankle boot.` */
export function spokenTarget(target: Target, data: LatentData, plane: SpokenPlane): string {
  const { z, point } = target;
  return `${namedCoordinates(target, plane)}, norm ${coordinate(norm(z))}.${point === null ? '' : ` ${pointText(point, data)}.`}`;
}
