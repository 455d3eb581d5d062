/** Colours with a meaning: categories and signed differences. */
import { fromHex, hex, mix } from './colours';
import type { Rgb } from './colours';

export { categoryColour } from '../kernel/figures/look';
export { CATEGORIES_ON_DARK, CATEGORIES_ON_LIGHT, SHAPES, type Shape } from '../kernel/views/categories';

const DIVERGING = {
  light: { negative: ['#0b3c8a', '#5b93d6'], zero: '#f7f7f7', positive: ['#e58a45', '#8a2d04'] },
  dark: { negative: ['#a8d1ff', '#3478c9'], zero: '#16181b', positive: ['#cc6420', '#ffd2a6'] },
} as const;

/**
 * The colour of a signed share −1…1: blue below zero, orange above, zero close to the background, so that no difference
 * shows as nothing.
 */
export function divergingColour(share: number, dark: boolean): Rgb {
  const scale = dark ? DIVERGING.dark : DIVERGING.light;
  const size = Math.min(1, Math.abs(share));
  const near = share < 0 ? scale.negative[1] : scale.positive[0];
  const far = share < 0 ? scale.negative[0] : scale.positive[1];
  return size < 0.5
    ? mix(fromHex(scale.zero), fromHex(near), size * 2)
    : mix(fromHex(near), fromHex(far), size * 2 - 1);
}

/** 511 colours of −255…255, as red, green, blue bytes: one look-up a pixel. */
export function divergingTable(dark: boolean): Uint8Array {
  const table = new Uint8Array(511 * 3);
  for (let i = 0; i < 511; i++) {
    divergingColour((i - 255) / 255, dark).forEach((c, channel) => (table[i * 3 + channel] = Math.round(c * 255)));
  }
  return table;
}

export function divergingHex(share: number, dark: boolean): string {
  return hex(divergingColour(share, dark));
}

const LOUDNESS = ['#04040e', '#4a1478', '#bc3454', '#fa963c', '#fcfcd2'] as const;

/** 256 colours from silence (black) to the loudest (near white), as red, green, blue bytes; the saved picture has them too. */
export function loudnessTable(): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const scaled = (i / 255) * (LOUDNESS.length - 1);
    const index = Math.min(LOUDNESS.length - 2, Math.floor(scaled));
    const [low, high] = [fromHex(LOUDNESS[index]!), fromHex(LOUDNESS[index + 1]!)];
    low.forEach((from, c) => (table[3 * i + c] = Math.round(255 * (from + (high[c]! - from) * (scaled - index)))));
  }
  return table;
}
