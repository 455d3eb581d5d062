/** What a figure of your own numbers is made of; `A` is how it holds an array: encoded as float32, or as numbers. */

export interface FigureAxis {
  /** With its unit: `rate, nats per image`. */
  title: string;
  log?: boolean;
}

/** NaN is a gap. */
export interface Curve<A> {
  kind: 'curve' | 'path';
  name: string;
  /** The index of its category. */
  colour: number;
  /** [n], ascending but for a path; absent: 0, 1, 2, … */
  x?: A;
  y: A;
  /** [n] each: the edges of a band about it. */
  low?: A;
  high?: A;
  /** [n]: as much below as above. */
  error?: A;
  /** What band or error are: `quartiles of 5 runs`. */
  spread?: string;
  hasMarkers?: boolean;
}

export interface Points<A> {
  kind: 'points';
  name: string;
  colour: number;
  /** float32 [n] each. */
  x: A;
  y: A;
  /** Categories, and which one each point is of: uint8 or int32 [n]. */
  groups?: { names: string[]; of: A };
  /** A number for each point, float32 [n], that colours it. */
  values?: { name: string; of: A };
  /** Pixels across. */
  size: number;
}

export interface Bars<A> {
  kind: 'bars';
  name: string;
  colour: number;
  /** float32 [n + 1]. */
  edges: A;
  /** float32 [n]. */
  heights: A;
}

export interface Surface<A> {
  kind: 'surface';
  /** What is measured: `ELBO, nats`. */
  name: string;
  /** float32 [w], ascending. */
  x: A;
  /** float32 [h], ascending. */
  y: A;
  /** float32 [h, w]. */
  z: A;
  /** Where contour lines lie. */
  levels: number[];
}
