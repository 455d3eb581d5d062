/**
 * The renderers' categories on light ground, so that the picture and the live view agree: ten colours that stay apart
 * for the common colour-vision deficiencies and have a contrast of 3 : 1 with white.
 */
export const CATEGORIES = [
  '#1f519d',
  '#c5490d',
  '#03846b',
  '#d46ab1',
  '#2898f9',
  '#b18f08',
  '#7e49c9',
  '#71391e',
  '#404852',
  '#759a6e',
] as const;

/** Marks take another shape after each round of colours. */
const SHAPES = ['circle', 'diamond', 'square', 'triangle'] as const;
export type Shape = (typeof SHAPES)[number];

export const categoryColour = (category: number) => CATEGORIES[category % CATEGORIES.length]!;
export const categoryShape = (category: number) => SHAPES[Math.floor(category / CATEGORIES.length) % SHAPES.length]!;

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

export const css = ([r, g, b]: readonly [number, number, number]) => `rgb(${r} ${g} ${b})`;

function between(anchors: Rgb[], position: number): Rgb {
  const scaled = position * (anchors.length - 1);
  const index = Math.min(anchors.length - 2, Math.floor(scaled));
  const [low, high] = [anchors[index]!, anchors[index + 1]!];
  const mix = (channel: 0 | 1 | 2) => Math.round(low[channel] + (high[channel] - low[channel]) * (scaled - index));
  return [mix(0), mix(1), mix(2)];
}
