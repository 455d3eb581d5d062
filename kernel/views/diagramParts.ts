/** What a diagram is made of, and where it stands. */

export interface DiagramPart {
  id: string;
  /**
   * `data` a batch and its classes, `network` what is computed, `variables` parameters of no network, `codebook` what a
   * quantizer chooses from, `random` what is drawn, `term` a summand of the loss.
   */
  kind: 'data' | 'network' | 'variables' | 'codebook' | 'random' | 'term';
  title: string;
  lines: readonly string[];
  parameters?: number;
}

export interface DiagramArrow {
  from: string;
  to: string;
  /** What flows; empty if it is not told. */
  shape: string;
}

/** Places in pixels of a drawing of its own size. */
export interface DiagramLayout {
  way: 'right' | 'down';
  width: number;
  height: number;
  /** By the order of the parts; x and y are the middle. */
  boxes: { x: number; y: number; width: number; height: number }[];
  /** By the order of the arrows. */
  ways: { points: [x: number, y: number][]; label: [x: number, y: number] | null }[];
}
