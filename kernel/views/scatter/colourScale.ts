/**
 * Colours of a continuous scale, low to high: viridis (Smith and van der Walt 2015), which looks evenly stepped, also to
 * readers with colour-vision deficiencies and in grey, from where it stands out against the ground to its far end. Values
 * that are high stand out most.
 */
import { coreOf, type Interval } from '../extent';

export type Bytes = readonly [number, number, number];

/** `#rrggbb` */
export function hexOf(bytes: Bytes): `#${string}` {
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Evenly spaced in OKLab. */
const ANCHORS = {
  light: ['#51c36b', '#2fb07e', '#219b89', '#26858d', '#306e8e', '#3b568b', '#443c82', '#482070', '#440154'],
  dark: ['#414487', '#34618d', '#297c8e', '#21968b', '#2cae80', '#52c36a', '#8ad44b', '#c5e026', '#fde725'],
};

/** What has no value. */
export const WITHOUT_VALUE: Record<'light' | 'dark', Bytes> = { light: [168, 172, 178], dark: [104, 108, 114] };

/** The colours of a scale on light or dark ground. */
export const SCALE_STEPS = 256;

const tables = new Map<string, Bytes[]>();

/** [256] from low to high. */
export function scaleColours(ground: 'light' | 'dark'): readonly Bytes[] {
  const known = tables.get(ground);
  if (known) return known;
  const anchors = ANCHORS[ground].map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  const table = Array.from({ length: SCALE_STEPS }, (_, i): Bytes => {
    const place = (i / (SCALE_STEPS - 1)) * (anchors.length - 1);
    const low = Math.min(anchors.length - 2, Math.floor(place));
    const mix = (c: number) =>
      Math.round(anchors[low]![c]! + (anchors[low + 1]![c]! - anchors[low]![c]!) * (place - low));
    return [mix(0), mix(1), mix(2)];
  });
  tables.set(ground, table);
  return table;
}

/** What of the values the scale spans: all but a few far ones, which have the colours of its ends. */
export function scaleRange(values: ArrayLike<number>): Interval {
  return coreOf(values);
}

/** The step of a value, the middle one where all values are the same; −1 for one that is not finite. */
export function scaleStep(value: number, [low, high]: Interval): number {
  if (!Number.isFinite(value)) return -1;
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.min(SCALE_STEPS - 1, Math.max(0, Math.round(share * (SCALE_STEPS - 1))));
}
