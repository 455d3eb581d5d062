/** What both rungs of the point drawing are given. */
import type { Crowd } from '../../kernel/figures/scatter/crowd';
export type { Mapping } from '../../kernel/figures/scatter/plane';

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

/** The drawn area in CSS pixels; points outside are cut off. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}
