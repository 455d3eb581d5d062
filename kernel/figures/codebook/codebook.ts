/** A codebook, decoded, and the parts that there are to show of it. */
import type { CodebookHistogramView, CodePlane } from '../../views/types';
import { count } from '../../views/wording';
import type { Decode } from '../training/curves';
import { courseOf } from './course';
import { coursePart } from './parts/coursePart';
import type { Choices, CodebookData, Part } from './parts/part';
import { planePart } from './parts/planePart';
import { usagePart } from './parts/usagePart';
import { readUsage, type Usage } from './usage';

export const PARTS = [
  { id: 'usage', title: 'Usage' },
  { id: 'plane', title: 'Codes in the plane' },
  { id: 'maps', title: 'Images' },
  { id: 'course', title: 'Over training' },
] as const;
export type PartId = (typeof PARTS)[number]['id'];

/** Those that are drawn in panels. */
export const IN_PANELS: Record<Exclude<PartId, 'maps'>, Part> = {
  ...{ usage: usagePart, plane: planePart, course: coursePart },
};

/** What a reader finds who has chosen nothing. */
export const USUAL_CHOICES: Choices = { order: 'rank', log: false };

export function readCodebook(view: CodebookHistogramView, decode: Decode): CodebookData {
  const usage = readUsage(view, decode);
  // Decoded when it is looked at: the first frame is of the usage.
  let plane: CodebookData['plane'];
  return {
    ...{ usage, course: courseOf(view, decode) },
    get plane() {
      return (plane ??= view.plane && decodedPlane(view.plane, usage.counts.length, decode));
    },
  };
}

export function partsOf({ plane, maps }: CodebookHistogramView, { course }: CodebookData) {
  const there = { usage: true, plane: plane !== undefined, maps: maps !== undefined, course: course !== undefined };
  return PARTS.filter(({ id }) => there[id]);
}

/** `119 of 128` */
export function usedText({ counts, dead }: Usage): string {
  return `${count(counts.length - dead.length)} of ${count(counts.length)}`;
}

/** @throws RangeError when there is not a place for each code */
function decodedPlane({ points: encoded, explained }: CodePlane, codes: number, decode: Decode): CodebookData['plane'] {
  const points = decode(encoded);
  if (points.length !== 2 * codes) throw new RangeError(`${codes} codes, and ${points.length / 2} places in the plane`);
  return { points, explained };
}
