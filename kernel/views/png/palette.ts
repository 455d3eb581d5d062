/**
 * The renderers' categories on light ground, so that the picture and the live view agree: ten colours that stay apart
 * for the common colour-vision deficiencies and have a contrast of 3 : 1 with white.
 */
export const CATEGORIES = [
  '#3348fd',
  '#ac3b00',
  '#0b8553',
  '#ff0b8c',
  '#1c97fd',
  '#a5951c',
  '#781286',
  '#4e3c2a',
  '#2d5c5c',
  '#8a8aac',
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

/** Anchors of how loud it is: black, violet, red, yellow, near white. */
const LOUDNESS: Rgb[] = [
  [4, 4, 14],
  [74, 20, 120],
  [188, 52, 84],
  [250, 150, 60],
  [252, 252, 210],
];

/** The colour of a loudness from 0 (silence) to 1, as bytes; ever lighter, so that it is told without hues too. */
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
