/** How codes are used, by every engine. */
import { COLOURS, HEIGHT, ours, peer, place, WIDTH } from './engine';
import type { PlotlyPeer } from './engine';

export interface Counts {
  /** [K] */
  counts: number[];
  /** As our kernel tells it. */
  view: unknown;
}

/** Codes by their rank, as peers would draw them: a line on a logarithmic axis. */
const ranked = ({ counts }: Counts) => counts.filter((count) => count > 0).sort((a, b) => b - a);

async function uplotCodes(given: Counts): Promise<() => Promise<void>> {
  const { default: Plot } = (await peer('uplot')) as unknown as {
    default: new (options: object, data: number[][], element: HTMLElement) => object;
  };
  return () => {
    const values = ranked(given);
    const line = { label: 'uses', stroke: COLOURS[0], width: 2, points: { show: false } };
    const options = {
      ...{ width: WIDTH, height: HEIGHT, scales: { x: { time: false }, y: { distr: 3 } } },
      ...{ legend: { show: false }, series: [{}, line] },
    };
    new Plot(options, [values.map((_, i) => i + 1), values], place());
    return Promise.resolve();
  };
}

async function plotlyCodes(given: Counts): Promise<() => Promise<void>> {
  const plotly = (await peer('plotly')).default as unknown as PlotlyPeer;
  return async () => {
    const y = ranked(given);
    const layout = { width: WIDTH, height: HEIGHT, showlegend: false, yaxis: { type: 'log' } };
    const trace = { type: 'scatter', mode: 'lines', x: y.map((_, i) => i + 1), y };
    await plotly.react(place(), [trace], layout, { displayModeBar: false });
  };
}

/** Each makes what draws; to draw is what is timed. */
export const CODEBOOKS: Record<string, (counts: Counts) => Promise<() => Promise<void>>> = {
  latentlab: ({ view }) => ours('codebook-histogram', view),
  uplot: uplotCodes,
  plotly: plotlyCodes,
};
