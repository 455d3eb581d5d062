/** What both rungs of the point drawing are given. */
import type { Shape } from '../palette';

/** The most points that lie in one cell of a grid, and the size of a cell in data units; see `crowd.ts`. */
export interface Crowd {
  most: number;
  cell: { width: number; height: number };
}

export interface PointBatch {
  /** [2n] coordinates in data units, all finite. */
  positions: Float32Array;
  /** [4n] red, green, blue, opacity; may be written anew, with another {@link inking}. */
  colours: Uint8Array;
  /** Counts how often the colours have been written. */
  inking: number;
  /** [n] index into `SHAPES`. */
  shapes: Uint8Array;
  /** Radius in CSS pixels. */
  radius: number;
  /** The opacity of a point that is neither hidden nor stands back. */
  opacity: number;
  /** Found when it is first asked for. */
  crowd(): Crowd;
}

/** Where data units land: `x · unit.x + origin.x` CSS pixels from the left, `origin.y − y · unit.y` from the top. */
export interface Mapping {
  unit: { x: number; y: number };
  origin: { x: number; y: number };
}

/** The drawn area in CSS pixels; points outside are cut off. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

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
