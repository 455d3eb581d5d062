/** Trees and tables as the kernel writes them. */
import { treeOf } from '../../../kernel/session/show/values/tree';
import { tableOf } from '../../../kernel/session/show/values/table';
import type { ObjectView, TableView } from '../../../kernel/views/types';

class Layer {
  constructor(
    readonly name: string,
    readonly units: number,
    readonly activation: string,
  ) {}

  get parameters(): number {
    return this.units ** 2;
  }
}

export function objectView(id = 'value'): ObjectView {
  const layers = ['encoder', 'latent', 'decoder'].map(
    (name, i) => new Layer(name, 64 * (i + 1), i === 1 ? 'linear' : 'relu'),
  );
  const run: Record<string, unknown> = {
    name: 'β-VAE on Fashion-MNIST, warm-up over ten epochs',
    options: { latents: 2, beta: 4, seed: 7, likelihood: 'Bernoulli', schedule: { kind: 'linear', epochs: 10 } },
    layers,
    losses: Array.from({ length: 400 }, (_, i) => 240 / (1 + i)),
    codes: new Map<string, unknown>([
      ['used', new Set([1, 5, 9])],
      ['dead', new Uint8Array([0, 2, 3])],
    ]),
    finished: true,
    checkpoint: null,
    started: new Date(0),
    failure: new RangeError('The batch of 512 is larger than the data.'),
    onEpoch: function report() {},
  };
  run['self'] = run;
  return { ...treeOf(run), id };
}

/** Losses of epochs, some of them missing or not finite. */
export function tableView(rows = 200, id = 'table'): TableView {
  const records = Array.from({ length: rows }, (_, i) => ({
    epoch: i + 1,
    model: ['VAE', 'β-VAE', 'IWAE 10', 'IWAE 2'][i % 4]!,
    loss: i === 7 ? NaN : 240.123456789 / (1 + i),
    kl: i % 5 === 0 ? null : i / 7,
    converged: i > 150,
  }));
  return { ...tableOf(records), id };
}

/** As a cell writes it. */
export function plotlyFigure(layout: Record<string, unknown> = {}) {
  const curve = (name: string, offset: number) => ({
    name,
    mode: 'lines+markers',
    x: Array.from({ length: 20 }, (_, i) => 2 + i),
    y: Array.from({ length: 20 }, (_, i) => 90 / (1 + i) + 10 + i * 0.2 + offset),
  });
  return {
    data: [curve('VAE', 1), { ...curve('β-VAE', 4), type: 'scatter' }],
    layout: {
      title: { text: 'Rate against distortion' },
      xaxis: { title: { text: 'rate (nats)' } },
      yaxis: { title: { text: 'distortion (nats)' } },
      ...layout,
    },
  };
}

/** As a cell writes it: two runs' losses, with a filter and a mean, which are expressions of Vega's. */
export function vegaLiteChart(more: Record<string, unknown> = {}) {
  const values = ['VAE', 'β-VAE'].flatMap((run, i) =>
    Array.from({ length: 20 }, (_, step) => ({ run, step, loss: 90 / (1 + step) + 10 * i + (step % 3) })),
  );
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    title: 'Loss by run',
    data: { values },
    transform: [{ filter: 'datum.step > 1' }, { calculate: 'log(datum.loss)', as: 'log' }],
    mark: { type: 'line', point: true, tooltip: true },
    encoding: {
      x: { field: 'step', type: 'quantitative' },
      y: { field: 'log', type: 'quantitative', aggregate: 'mean' },
      color: { field: 'run', type: 'nominal' },
    },
    ...more,
  };
}
