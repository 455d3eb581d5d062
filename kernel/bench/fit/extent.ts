/** How much a whole training does, and how often. */
export interface FitExtent {
  /** Images that are trained on, at most 60,000. */
  images: number;
  epochs: number;
  /** Whole trainings of each engine. */
  runs: number;
  /** Processes whose steps are timed, in a notebook and bare each. */
  processes: number;
  /** Epochs of 10,000 images whose steps are timed. */
  timedEpochs: number;
}

export const FULL_FIT: FitExtent = { images: 60_000, epochs: 10, runs: 3, processes: 10, timedEpochs: 20 };
export const BRIEF_FIT: FitExtent = { ...FULL_FIT, runs: 1, processes: 3 };
export const QUICK_FIT: FitExtent = { images: 1280, epochs: 1, runs: 1, processes: 2, timedEpochs: 1 };
