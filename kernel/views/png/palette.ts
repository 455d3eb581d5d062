import { CATEGORIES_ON_LIGHT, type Shape } from '../categories';

export { CATEGORIES_ON_LIGHT as CATEGORIES, type Shape };

export const categoryColour = (category: number) => CATEGORIES_ON_LIGHT[category % CATEGORIES_ON_LIGHT.length]!;

export const INK = '#1f2328';
export const QUIET = '#656d76';
export const RULE = '#d8dee4';
export const FAINT = '#eceff2';

type Rgb = [number, number, number];

/** Anchors of the signed differences −1, −½, 0, ½, 1: blue, near white, orange. */
const DIVERGING: Rgb[] = [
  [11, 60, 138],
  [91, 147, 214],
  [247, 247, 247],
  [229, 138, 69],
  [138, 45, 4],
];

/** The colour of a signed value from −1 (blue) over 0 (near white) to 1 (orange), as bytes. */
export function diverging(value: number): Rgb {
  return between(DIVERGING, (Math.max(-1, Math.min(1, value)) + 1) / 2);
}

/** Anchors of how loud it is: black, violet, red, yellow, near white. */
const LOUDNESS: Rgb[] = [
  [4, 4, 14],
  [74, 20, 120],
  [188, 52, 84],
  [250, 150, 60],
  [252, 252, 210],
];

/** The colour of a loudness from 0 (silence) to 1, as bytes; ever lighter, so that it reads without hues too. */
export function loudness(value: number): Rgb {
  return between(LOUDNESS, Math.max(0, Math.min(1, value)));
}

export const css = ([r, g, b]: readonly [number, number, number]) => `rgb(${r} ${g} ${b})`;

function between(anchors: Rgb[], position: number): Rgb {
  const scaled = position * (anchors.length - 1);
  const index = Math.min(anchors.length - 2, Math.floor(scaled));
  const [low, high] = [anchors[index]!, anchors[index + 1]!];
  const mix = (channel: 0 | 1 | 2) => Math.round(low[channel] + (high[channel] - low[channel]) * (scaled - index));
  return [mix(0), mix(1), mix(2)];
}
