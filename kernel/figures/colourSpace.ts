/** Colour arithmetic: mixing in OKLab, contrast by WCAG. */

/** sRGB, each 0…1. */
export type Rgb = readonly [number, number, number];

export function over(top: { rgb: Rgb; alpha: number }, bottom: Rgb): Rgb {
  const channel = (i: 0 | 1 | 2) => top.rgb[i] * top.alpha + bottom[i] * (1 - top.alpha);
  return [channel(0), channel(1), channel(2)];
}

export function hex(rgb: Rgb): string {
  return `#${rgb
    .map((c) => Math.round(c * 255).toString(16))
    .map((c) => c.padStart(2, '0'))
    .join('')}`;
}

export function fromHex(text: string): Rgb {
  const channel = (at: number) => parseInt(text.slice(at, at + 2), 16) / 255;
  return [channel(1), channel(3), channel(5)];
}

/** `rgba(…)` of a hex colour. */
export function withAlpha(colour: string, alpha: number): string {
  return `rgba(${fromHex(colour)
    .map((c) => Math.round(c * 255))
    .join(', ')}, ${alpha})`;
}

/** WCAG 2 contrast ratio, 1…21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

export function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map(toLinear) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** `share` of b in a, in OKLab (Ottosson 2020), where equal steps look equal. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const [from, to] = [toOklab(a), toOklab(b)];
  const at = (i: 0 | 1 | 2) => from[i] + (to[i] - from[i]) * share;
  return fromOklab([at(0), at(1), at(2)]);
}

function toLinear(c: number): number {
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

function toGamma(c: number): number {
  const value = c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055;
  return Math.min(1, Math.max(0, value));
}

export function toOklab(rgb: Rgb): [number, number, number] {
  const [r, g, b] = rgb.map(toLinear) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([L, a, b]: [number, number, number]): Rgb {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toGamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toGamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toGamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}
