/** Sprites as pixels: how much of each pixel a shape covers. */

export const SPRITE_SHAPES = ['square', 'ellipse', 'heart'] as const;
/** The shapes that {@link sprites} draws. */
export type SpriteShape = (typeof SPRITE_SHAPES)[number];

export interface Sprite {
  shape: SpriteShape;
  /** The scale, as a share of the full size. */
  scale: number;
  /** The angle in radians, from the x axis to the y axis, which points down. */
  orientation: number;
  /** From 0 to 1, across the middle half of the image. */
  x: number;
  y: number;
}

/** Half the side of a square of scale 1, as a share of the image; turned, it stays within a quarter of the image. */
export const RADIUS = 1 / 6;

/** Whether a point is inside the upright shape, in units of {@link RADIUS}, with the y axis pointing down. */
const INSIDE: Record<SpriteShape, (u: number, v: number) => boolean> = {
  square: (u, v) => Math.abs(u) <= 1 && Math.abs(v) <= 1,
  ellipse: (u, v) => u * u + (2 * v) ** 2 <= 1,
  // (a² + b² − 1)³ ≤ a² b³, nowhere more than 1.25 from its middle.
  heart: (u, v) => {
    const [a, b] = [u, -v];
    return (a * a + b * b - 1) ** 3 <= a * a * b ** 3;
  },
};

/** Points in one pixel, along each axis. */
const POINTS = 4;

/**
 * Writes the share of each pixel that the sprite covers, by 4 × 4 points in the pixel: anti-aliased, from 0 to 1.
 *
 * @param pixels [size²], zeros, row by row
 */
export function coverage(pixels: Float32Array, size: number, sprite: Sprite): void {
  const inside = INSIDE[sprite.shape];
  const radius = RADIUS * size * sprite.scale;
  const [centreX, centreY] = [sprite.x, sprite.y].map((at) => size * (0.25 + 0.5 * at)) as [number, number];
  const [cos, sin] = [Math.cos(sprite.orientation) / radius, Math.sin(sprite.orientation) / radius];
  const reach = Math.SQRT2 * radius;
  const first = (centre: number) => Math.max(0, Math.floor(centre - reach));
  const last = (centre: number) => Math.min(size - 1, Math.floor(centre + reach));
  for (let row = first(centreY); row <= last(centreY); row++) {
    for (let column = first(centreX); column <= last(centreX); column++) {
      let covered = 0;
      for (let point = 0; point < POINTS ** 2; point++) {
        const dx = column + ((point % POINTS) + 0.5) / POINTS - centreX;
        const dy = row + (Math.floor(point / POINTS) + 0.5) / POINTS - centreY;
        if (inside(cos * dx + sin * dy, cos * dy - sin * dx)) covered += 1;
      }
      pixels[row * size + column] = covered / POINTS ** 2;
    }
  }
}
