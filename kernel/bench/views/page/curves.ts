/** Curves of a training, and each step that follows, by every engine. */
import { COLOURS, HEIGHT, ours, peer, place, WIDTH } from './engine';
import type { PlotlyPeer } from './engine';

export interface Curves {
  /** The measured values of each term. */
  values: number[][];
  from: number;
  /** As our kernel tells it. */
  view: unknown;
  changes: unknown[];
}

export interface CurvesDrawn {
  /** One step more. */
  update(index: number): void;
}

const TERMS = ['total', 'reconstruction', 'kl'];

/** The average that every engine draws, found before it is timed: peers have none of their own. */
function smoothed(values: readonly number[]): number[] {
  let [sum, rest] = [0, 1];
  return values.map((value) => {
    sum = 0.9 * sum + 0.1 * value;
    rest *= 0.9;
    return sum / (1 - rest);
  });
}

async function uplotCurves({ values, from }: Curves): Promise<CurvesDrawn> {
  const { default: Plot } = (await peer('uplot')) as unknown as {
    default: new (options: object, data: number[][], element: HTMLElement) => { setData(data: number[][]): void };
  };
  const element = place();
  const steps = values[0]!.map((_, i) => i + 1);
  const plots = TERMS.map((term, i) => {
    const measured = values[i]!;
    const average = smoothed(measured);
    const data = [steps.slice(0, from), measured.slice(0, from), average.slice(0, from)];
    const line = (stroke: string, width: number) => ({ label: term, stroke, width, points: { show: false } });
    const options = {
      ...{ width: i === 0 ? 540 : 350, height: i === 0 ? 320 : 150, scales: { x: { time: false } } },
      ...{ legend: { show: false }, series: [{}, line(`${COLOURS[i]!}55`, 1), line(COLOURS[i]!, 2)] },
    };
    return { plot: new Plot(options, data, element), data, whole: [steps, measured, average] };
  });
  return {
    update: (index) => {
      for (const { plot, data, whole } of plots) {
        data.forEach((column, k) => column.push(whole[k]![from + index]!));
        plot.setData(data);
      }
    },
  };
}

async function plotlyCurves({ values, from }: Curves): Promise<CurvesDrawn> {
  const plotly = (await peer('plotly')).default as unknown as PlotlyPeer;
  const element = place();
  const steps = values[0]!.map((_, i) => i + 1);
  const averages = values.map(smoothed);
  const draw = (to: number) => {
    const x = steps.slice(0, to);
    const data = TERMS.flatMap((_, i) => {
      const axes = { type: 'scatter', mode: 'lines', x, xaxis: `x${i + 1}`, yaxis: `y${i + 1}` };
      return [
        { ...axes, y: values[i]!.slice(0, to), line: { width: 1, color: `${COLOURS[i]!}55` } },
        { ...axes, y: averages[i]!.slice(0, to), line: { width: 2, color: COLOURS[i]! } },
      ];
    });
    const layout = { width: WIDTH, height: HEIGHT, showlegend: false, datarevision: to };
    const grid = { grid: { rows: 1, columns: 3, pattern: 'independent' } };
    void plotly.react(element, data, { ...layout, ...grid }, { displayModeBar: false });
  };
  draw(from);
  return { update: (index) => draw(from + index + 1) };
}

async function ourCurves({ view, changes }: Curves): Promise<CurvesDrawn> {
  const listeners: ((message: unknown) => void)[] = [];
  await (
    await ours('loss-curves', view, (listener) => listeners.push(listener))
  )();
  const about = { type: 'viewChange', viewId: 'bench', mime: 'application/vnd.latentlab.loss-curves+json' };
  return {
    update: (index) => {
      for (const listener of listeners) listener({ ...about, change: changes[index] });
    },
  };
}

export const CURVES: Record<string, (curves: Curves) => Promise<CurvesDrawn>> = {
  latentlab: ourCurves,
  uplot: uplotCurves,
  plotly: plotlyCurves,
};
