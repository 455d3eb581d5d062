/** The page's side of the bench: each engine draws the same data and is moved on by the same calls. */

export interface Curves {
  /** The measured values of each term. */
  values: number[][];
  from: number;
  /** As our kernel tells it. */
  view: unknown;
  changes: unknown[];
}

export interface Points {
  xy: Float32Array;
  classes: Uint8Array;
  /** As our kernel tells it. */
  view: unknown;
}

export interface CurvesDrawn {
  /** One step more. */
  update(index: number): void;
}

const WIDTH = 900;
export const HEIGHT = 420;
const TERMS = ['total', 'reconstruction', 'kl'];
const COLOURS = ['#1f519d', '#c5490d', '#03846b', '#d46ab1', '#2898f9', '#b18f08', '#7e49c9', '#71391e', '#404852', '#759a6e']; // prettier-ignore

function place(): HTMLElement {
  const element = document.createElement('div');
  element.id = 'drawn';
  element.style.cssText = `width: ${WIDTH}px; min-height: ${HEIGHT}px`;
  document.body.append(element);
  return element;
}

// --- ours ---------------------------------------------------------------------------------------------------------

interface Renderer {
  renderOutputItem(item: object, element: HTMLElement, signal: AbortSignal): Promise<void>;
}

async function ourRenderer(hear: (listener: (message: unknown) => void) => void): Promise<Renderer> {
  const { activate } = (await import(`${location.origin}/ours/index.js`)) as {
    activate(context: object): Renderer;
  };
  const messaging = { postMessage: () => undefined, onDidReceiveMessage: hear };
  return activate({ getState: () => undefined, setState: () => undefined, ...messaging });
}

async function ours(kind: string, view: unknown, hear: (listener: (message: unknown) => void) => void) {
  const renderer = await ourRenderer(hear);
  return async () => {
    const mime = `application/vnd.latentlab.${kind}+json`;
    await renderer.renderOutputItem({ id: 'bench', mime, json: () => view }, place(), new AbortController().signal);
  };
}

// --- curves -------------------------------------------------------------------------------------------------------

/** The average that every engine draws, found before it is timed: peers have none of their own. */
function smoothed(values: readonly number[]): number[] {
  let [sum, rest] = [0, 1];
  return values.map((value) => {
    sum = 0.9 * sum + 0.1 * value;
    rest *= 0.9;
    return sum / (1 - rest);
  });
}

type Peer = Record<string, unknown>;
const peer = async (name: string) => (await import(`${location.origin}/peers/${name}.js`)) as { default: Peer };

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

interface PlotlyPeer {
  react(element: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
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

// --- scatters -----------------------------------------------------------------------------------------------------

async function regl({ xy, classes }: Points): Promise<() => Promise<void>> {
  const { default: create } = (await peer('regl-scatterplot')) as unknown as {
    default: (options: object) => { draw(points: object): Promise<void>; set(options: object): void };
  };
  return async () => {
    const canvas = document.createElement('canvas');
    place().append(canvas);
    const plot = create({ canvas, width: WIDTH, height: HEIGHT, pointSize: 3, opacity: 0.6 });
    plot.set({ colorBy: 'valueA', pointColor: COLOURS });
    const n = classes.length;
    const [x, y] = [new Float32Array(n), new Float32Array(n)];
    // It shows −1 … 1.
    for (let i = 0; i < n; i++) [x[i], y[i]] = [xy[2 * i]! / 8, xy[2 * i + 1]! / 8];
    await plot.draw({ x, y, z: classes });
  };
}

async function plotlyScatter({ xy, classes }: Points): Promise<() => Promise<void>> {
  const plotly = (await peer('plotly')).default as unknown as PlotlyPeer;
  return async () => {
    const x = Float32Array.from(classes, (_, i) => xy[2 * i]!);
    const y = Float32Array.from(classes, (_, i) => xy[2 * i + 1]!);
    const colours = Array.from(classes, (label) => COLOURS[label]!);
    const marker = { size: 3, opacity: 0.6, color: colours };
    const layout = { width: WIDTH, height: HEIGHT, dragmode: 'pan', margin: { l: 40, r: 10, t: 10, b: 30 } };
    const config = { scrollZoom: true, displayModeBar: false };
    await plotly.react(place(), [{ type: 'scattergl', mode: 'markers', x, y, marker }], layout, config);
  };
}

/** Each makes what draws; to draw is what is timed. */
export const SCATTERS: Record<string, (points: Points) => Promise<() => Promise<void>>> = {
  latentlab: ({ view }) => ours('latent-scatter', view, () => undefined),
  'regl-scatterplot': regl,
  plotly: plotlyScatter,
};
