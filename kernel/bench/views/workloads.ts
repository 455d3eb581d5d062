/** What the bench of the views has every engine do. */

/** What draws: ours, and those that people draw such things with elsewhere. */
export const VIEW_ENGINES = ['latentlab', 'plotly', 'regl-scatterplot', 'uplot', 'nothing'] as const;
export type ViewEngine = (typeof VIEW_ENGINES)[number];

export const VIEW_UNITS = ['ms/update', 'ms', 'ms/frame', 'ms/move'] as const;
export type ViewUnit = (typeof VIEW_UNITS)[number];

export interface ViewWorkload {
  /** Lines of a sentence. */
  title: readonly string[];
  engines: readonly ViewEngine[];
  unit: ViewUnit;
  /** Points of the scatter, or of each curve. */
  points: number;
  /** What is timed in one round: updates, frames, moves. */
  times: number;
}

const SCATTERS = ['latentlab', 'plotly', 'regl-scatterplot'] as const;
const MILLION = 1_000_000;

export const VIEW_WORKLOADS = {
  'curves-10k-update': {
    title: ['Curves of 10,000 steps (three terms, measured and smoothed), a step more each time: main thread.'],
    ...{ engines: ['latentlab', 'uplot', 'plotly'], unit: 'ms/update', points: 10_000, times: 1000 },
  },
  'scatter-1m-first-frame': {
    title: ['Scatter of 1,000,000 points in ten classes, from the data to the first pixels.'],
    ...{ engines: SCATTERS, unit: 'ms', points: MILLION, times: 1 },
  },
  'scatter-1m-pan': {
    title: ['The same, moved by the pointer.'],
    ...{ engines: SCATTERS, unit: 'ms/frame', points: MILLION, times: 24 },
  },
  'scatter-1m-zoom': {
    title: ['The same, zoomed by the wheel.'],
    ...{ engines: SCATTERS, unit: 'ms/frame', points: MILLION, times: 24 },
  },
  'scatter-1m-lasso': {
    title: [
      'The same, a lasso of 48 corners: from letting go until the points that it holds are seen. Ours is',
      'checked point by point.',
    ],
    ...{ engines: SCATTERS, unit: 'ms', points: MILLION, times: 1 },
  },
  'scatter-100k-hover': {
    title: ['Scatter of 100,000 points, the pointer moved over them: main thread.'],
    ...{ engines: [...SCATTERS, 'nothing'], unit: 'ms/move', points: 100_000, times: 60 },
  },
  'codebook-65536-first-frame': {
    title: ['Use of 65,536 codes by their rank, from the data to the first pixels; the peers draw one line.'],
    ...{ engines: ['latentlab', 'uplot', 'plotly'], unit: 'ms', points: 65_536, times: 1 },
  },
} as const satisfies Record<string, ViewWorkload>;

export type ViewWorkloadName = keyof typeof VIEW_WORKLOADS;
export const VIEW_WORKLOAD_NAMES = Object.keys(VIEW_WORKLOADS) as ViewWorkloadName[];
