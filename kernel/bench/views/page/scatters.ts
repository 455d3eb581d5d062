/** The same points by every engine. */
import { COLOURS, HEIGHT, ours, peer, place, WIDTH } from './engine';
import type { PlotlyPeer } from './engine';
import { LASSO } from './lassos';

export interface Points {
  xy: Float32Array;
  classes: Uint8Array;
  /** As our kernel tells it. */
  view: unknown;
}

export interface ScatterDrawn {
  /** What is timed as the first frame. */
  draw(): Promise<void>;
  /** Makes the pointer draw a lasso; or, where it cannot, draws one itself and tells when that begins. */
  lasso(begin: () => void): Promise<'pointer' | 'done'>;
  /** What the view has told its kernel. */
  told?: unknown[];
}

async function regl({ xy, classes }: Points): Promise<ScatterDrawn> {
  interface Plot {
    draw(points: object): Promise<void>;
    set(options: object): void;
    lassoSelect(vertices: number[][], options: object): void;
  }
  const { default: create } = (await peer('regl-scatterplot')) as unknown as { default: (options: object) => Plot };
  let plot: Plot | undefined;
  return {
    draw: async () => {
      const canvas = document.createElement('canvas');
      place().append(canvas);
      plot = create({ canvas, width: WIDTH, height: HEIGHT, pointSize: 3, opacity: 0.6 });
      plot.set({ colorBy: 'valueA', pointColor: COLOURS });
      const n = classes.length;
      const [x, y] = [new Float32Array(n), new Float32Array(n)];
      // It shows −1 … 1.
      for (let i = 0; i < n; i++) [x[i], y[i]] = [xy[2 * i]! / 8, xy[2 * i + 1]! / 8];
      await plot.draw({ x, y, z: classes });
    },
    lasso: (begin) => {
      const vertices = LASSO.map(([x, y]) => [(2 * x) / WIDTH - 1, 1 - (2 * y) / HEIGHT]);
      begin();
      plot!.lassoSelect(vertices, { isGl: true });
      return Promise.resolve('done');
    },
  };
}

async function plotlyScatter({ xy, classes }: Points): Promise<ScatterDrawn> {
  const plotly = (await peer('plotly')).default as unknown as PlotlyPeer;
  let element: HTMLElement | undefined;
  return {
    draw: async () => {
      const x = Float32Array.from(classes, (_, i) => xy[2 * i]!);
      const y = Float32Array.from(classes, (_, i) => xy[2 * i + 1]!);
      const colours = Array.from(classes, (label) => COLOURS[label]!);
      const marker = { size: 3, opacity: 0.6, color: colours };
      const layout = { width: WIDTH, height: HEIGHT, dragmode: 'pan', margin: { l: 40, r: 10, t: 10, b: 30 } };
      const config = { scrollZoom: true, displayModeBar: false };
      await plotly.react((element = place()), [{ type: 'scattergl', mode: 'markers', x, y, marker }], layout, config);
    },
    lasso: async () => {
      await plotly.relayout(element!, { dragmode: 'lasso' });
      return 'pointer';
    },
  };
}

async function ourScatter({ view }: Points): Promise<ScatterDrawn> {
  const told: unknown[] = [];
  const draw = await ours('latent-scatter', view, undefined, (message) => told.push(message));
  const lasso = () => {
    const buttons = document.querySelector('.latentlab-figure')!.shadowRoot!.querySelectorAll('button');
    [...buttons].find((button) => button.ariaLabel === 'Lasso')!.click();
    return Promise.resolve('pointer' as const);
  };
  return { draw, lasso, told };
}

/** An empty page: what the browser does for a pointer in any case. */
function nothing(): Promise<ScatterDrawn> {
  const draw = () => Promise.resolve(void place());
  return Promise.resolve({ draw, lasso: () => Promise.resolve('done' as const) });
}

/** Each makes what draws; to draw is what is timed. */
export const SCATTERS: Record<string, (points: Points) => Promise<ScatterDrawn>> = {
  latentlab: ourScatter,
  'regl-scatterplot': regl,
  plotly: plotlyScatter,
  nothing,
};
