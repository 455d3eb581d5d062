/** How three dimensions are turned before the eye. */

/** How far points are turned about the upright axis, and tilted towards the eye, in radians. */
export interface Turn {
  yaw: number;
  pitch: number;
}

/** How three dimensions are seen at first: from the side and from above. */
export const FIRST_TURN: Turn = { yaw: -0.6, pitch: 0.45 };
