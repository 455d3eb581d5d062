/** What the points are coloured by, as they are drawn: groups with their colours and marks, or steps of a scale. */
import { groupsOf, type Group } from '../../../../kernel/figures/scatter/legend';
import { colouringOf } from '../../../../kernel/views/scatter/colouring';
import type { Colourable, Colouring, Groups, Scale } from '../../../../kernel/views/scatter/colouring';
import { scaleColours, scaleStep, SCALE_STEPS, WITHOUT_VALUE } from '../../../../kernel/views/scatter/colourScale';
import { fromHex } from '../../../colours';
import { quantity } from '../../../numbers';
import { categoryColour } from '../../../palette';
import type { Theme } from '../../../theme';

export type Paint =
  (Groups & { groups: Group[] }) | (Scale & { groups: Group[] }) | { kind: 'plain'; name: ''; groups: Group[] };

export function paintOf(data: Colourable, by: string | undefined): Paint {
  const colouring: Colouring = colouringOf(data, by);
  return { ...colouring, groups: groupsOf(colouring) };
}

/** Red, green and blue as bytes. */
export type Bytes = readonly [number, number, number];

/** Colours by number: of the groups, or of the steps of the scale, the last for what has no value. */
export function inksOf(paint: Paint, { categories, dark }: Pick<Theme, 'categories' | 'dark'>): Bytes[] {
  const ground = dark ? 'dark' : 'light';
  if (paint.kind === 'scale') return [...scaleColours(ground), WITHOUT_VALUE[ground]];
  const groups = paint.groups.length === 0 ? [0] : paint.groups.map((_, i) => i);
  return groups.map((i) => fromHex(categoryColour(categories, i)).map((c) => Math.round(c * 255)) as unknown as Bytes);
}

/** Which of {@link inksOf} a point has. */
export function inkAt(paint: Paint, point: number): number {
  if (paint.kind === 'groups') return paint.groupOf[point]!;
  if (paint.kind === 'plain') return 0;
  const step = scaleStep(paint.values[point]!, paint.range);
  return step < 0 ? SCALE_STEPS : step;
}

/** What a point has of what they are coloured by, where that is no class: `squared error 12.3`. */
export function paintText(paint: Paint, point: number): string | null {
  if (paint.kind === 'plain') return null;
  if (paint.kind === 'groups')
    return paint.name === 'class' ? null : `${paint.name} ${paint.names[paint.groupOf[point]!]!}`;
  const value = paint.values[point]!;
  return `${paint.name} ${Number.isFinite(value) ? quantity(value) : 'no value'}`;
}
