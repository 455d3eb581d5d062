import { describe, expect, it } from 'vitest';
import { contrast, fromHex, toOklab } from '../../renderer/colours';
import type { Rgb } from '../../renderer/colours';
import { CATEGORIES_ON_DARK, CATEGORIES_ON_LIGHT, divergingColour } from '../../renderer/palette';
import { scaleColours } from '../../kernel/views/scatter/colourScale';
import { THEMES } from './support/themes';

/** Dichromacies as linear-RGB matrices at full severity (Machado, Oliveira and Fernandes 2009, table 1). */
const VISIONS = {
  trichromacy: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

const toLinear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const toGamma = (c: number) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
const clamp = (c: number) => Math.min(1, Math.max(0, c));

function seenWith(matrix: number[], rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map(toLinear) as [number, number, number];
  const row = (i: number) => toGamma(clamp(matrix[i]! * r + matrix[i + 1]! * g + matrix[i + 2]! * b));
  return [row(0), row(3), row(6)];
}

function distance(a: Rgb, b: Rgb): number {
  const [x, y] = [toOklab(a), toOklab(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

/** CIE L*a*b* of linear sRGB under D65. */
function labOf(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map(toLinear) as [number, number, number];
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** CIEDE2000 (Sharma, Wu and Dalal 2005). */
function deltaE(one: Rgb, other: Rgb): number {
  const degrees = 180 / Math.PI;
  const [[L1, a1, b1], [L2, a2, b2]] = [one, other];
  const mean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)));
  const [A1, A2] = [(1 + g) * a1, (1 + g) * a2];
  const [C1, C2] = [Math.hypot(A1, b1), Math.hypot(A2, b2)];
  const hue = (a: number, b: number) => (a === 0 && b === 0 ? 0 : (Math.atan2(b, a) * degrees + 360) % 360);
  const [h1, h2] = [hue(A1, b1), hue(A2, b2)];
  const turn = h2 - h1;
  const dh = C1 * C2 === 0 ? 0 : turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
  const dH = 2 * Math.sqrt(C1 * C2) * Math.sin(dh / 2 / degrees);
  const [L, C] = [(L1 + L2) / 2, (C1 + C2) / 2];
  const sum = h1 + h2;
  const h = C1 * C2 === 0 ? sum : Math.abs(h1 - h2) <= 180 ? sum / 2 : sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2;
  const cos = (factor: number, shift: number) => Math.cos((factor * h + shift) / degrees);
  const t = 1 - 0.17 * cos(1, -30) + 0.24 * cos(2, 0) + 0.32 * cos(3, 6) - 0.2 * cos(4, -63);
  const rotation =
    -Math.sin((60 * Math.exp(-(((h - 275) / 25) ** 2))) / degrees) * 2 * Math.sqrt(C ** 7 / (C ** 7 + 25 ** 7));
  const sL = 1 + (0.015 * (L - 50) ** 2) / Math.sqrt(20 + (L - 50) ** 2);
  const [l, c, H] = [(L2 - L1) / sL, (C2 - C1) / (1 + 0.045 * C), dH / (1 + 0.015 * C * t)];
  return Math.sqrt(l * l + c * c + H * H + rotation * c * H);
}

/** What the categories keep between any two: more than an eighth of what lies between black and white (100). */
const LEAST = 13;

const PALETTES = [
  ['light', CATEGORIES_ON_LIGHT, ['light', 'high-contrast-light']],
  ['dark', CATEGORIES_ON_DARK, ['dark', 'high-contrast']],
] as const;

describe.each(PALETTES)('the categories on %s', (_, colours, themes) => {
  it('have a contrast of at least 3 to 1 with their backgrounds', () => {
    for (const theme of themes) {
      const background = fromHex(THEMES[theme].variables['--vscode-editor-background']);
      for (const colour of colours) expect(contrast(fromHex(colour), background)).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(Object.entries(VISIONS))('stay apart with %s', (_vision, matrix) => {
    colours.forEach((colour, i) => {
      for (const other of colours.slice(0, i)) {
        const apart = distance(seenWith(matrix, fromHex(colour)), seenWith(matrix, fromHex(other)));
        expect(apart, `${colour} and ${other}`).toBeGreaterThanOrEqual(0.07);
        const [one, two] = [colour, other].map((hex) => labOf(seenWith(matrix, fromHex(hex)))) as [Rgb, Rgb];
        expect(deltaE(one, two), `${colour} and ${other}`).toBeGreaterThanOrEqual(LEAST);
      }
    });
  });
});

describe('CIEDE2000 as measured here', () => {
  // Pairs 1, 7, 17 and 24 of the test data of Sharma, Wu and Dalal 2005, table 1.
  it.each([
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  ] as const)('is what its authors give for %j and %j', (one, other, expected) => {
    expect(deltaE(one, other)).toBeCloseTo(expected, 3);
  });
});

describe('the colours of signed differences', () => {
  it.each([true, false])('grow away from zero alike on both sides (dark: %s)', (dark) => {
    const zero = divergingColour(0, dark);
    let last = 0;
    for (const share of [0.25, 0.5, 0.75, 1]) {
      const below = distance(divergingColour(-share, dark), zero);
      const above = distance(divergingColour(share, dark), zero);
      expect(Math.min(below, above)).toBeGreaterThan(last);
      last = Math.min(below, above);
    }
  });
});

describe.each(['light', 'dark'] as const)('the colours of a continuous scale on %s', (ground) => {
  const colours = scaleColours(ground).map((bytes) => bytes.map((c) => c / 255) as unknown as Rgb);
  /** Every sixteenth of it. */
  const steps = Array.from({ length: 17 }, (_, i) => colours[Math.round((i * 255) / 16)]!);

  it('look evenly stepped', () => {
    const lengths = steps.slice(1).map((colour, i) => distance(colour, steps[i]!));
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    for (const length of lengths) expect(Math.abs(length - mean)).toBeLessThan(0.25 * mean);
  });

  it.each(Object.entries(VISIONS))('go one way from low to high with %s', (_vision, matrix) => {
    const lightness = steps.map((colour) => toOklab(seenWith(matrix, colour))[0]);
    const rises = lightness.slice(1).map((one, i) => one - lightness[i]!);
    const way = ground === 'dark' ? 1 : -1;
    for (const rise of rises) expect(way * rise).toBeGreaterThan(0.01);
  });

  it('stand out from the ground, the more the higher', () => {
    const background = fromHex(THEMES[ground].variables['--vscode-editor-background']);
    const contrasts = steps.map((colour) => contrast(colour, background));
    expect(contrasts[0]!).toBeGreaterThan(1.6);
    for (let i = 1; i < contrasts.length; i++) expect(contrasts[i]!).toBeGreaterThan(contrasts[i - 1]!);
  });
});
