/** Colours and marks of categories, alike in live views and in saved pictures. */

/**
 * Ten categories, found by a search for the palette whose closest pair is farthest apart: each has a contrast of at least
 * 3 : 1 with its background, and any two stay apart (CIEDE2000 ≥ 13, OKLab distance ≥ 0.07) also for readers with
 * protanopia, deuteranopia or tritanopia (Machado, Oliveira and Fernandes 2009). A test holds them to it.
 */
export const CATEGORIES_ON_LIGHT = [
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

export const CATEGORIES_ON_DARK = [
  '#2f58f6',
  '#dd8321',
  '#2dceb7',
  '#ad467b',
  '#3695b7',
  '#fece00',
  '#d9b9ff',
  '#ce2026',
  '#d0e8a9',
  '#8c8f74',
] as const;

/** The marker that a category has besides its colour; the shapes change after each round of colours. */
export const SHAPES = ['circle', 'diamond', 'square', 'triangle'] as const;

export type Shape = (typeof SHAPES)[number];

/** Offsets of a shape's corners from its centre for radius 1; a circle has none. Areas are alike. */
export const CORNERS: Record<Exclude<Shape, 'circle'>, readonly (readonly [number, number])[]> = {
  diamond: [
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ],
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  triangle: [
    [0, -1.3],
    [1.2, 0.85],
    [-1.2, 0.85],
  ],
};

/** The shape of a category: the next one for those that have the colours a second time. */
export function categoryShape(category: number, colours: number = CATEGORIES_ON_LIGHT.length): Shape {
  return SHAPES[Math.floor(category / colours) % SHAPES.length] ?? 'circle';
}
