/** Figures of your own numbers and diagrams, as the kernel builds them. */
import { VAE, VQVAE } from '../../../kernel/autoencoders/index';
import { structureOf } from '../../../kernel/autoencoders/summaries/structure/index';
import { diagram, figure } from '../../../kernel/views/index';
import type { DiagramView, FigureView } from '../../../kernel/views/types';

const IMAGE = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
const wave = (n: number, phase: number) =>
  Float64Array.from({ length: n }, (_, i) => 2 + phase + Math.sin(i / 9 + phase));

/** Two curves, one with a band, the other with a gap at 30. */
export function curvesView(id = 'curves'): FigureView {
  const [first, second] = [wave(100, 0), wave(100, 1)];
  second[30] = NaN;
  const low = first.map((value) => value - 0.2);
  const high = first.map((value) => value + 0.3);
  return figure({
    ...{ id, title: 'Loss of two settings', x: { title: 'epoch' }, y: { title: 'loss, nats' } },
    layers: [
      { kind: 'curve', name: 'β = 1', y: first, low, high, spread: 'median, with the quartiles of 5 runs' },
      { kind: 'curve', name: 'β = 4', y: second },
    ],
    lines: [{ axis: 'y', value: 2, text: 'entropy' }],
  });
}

export function pointsView(id = 'points', n = 240): FigureView {
  const angle = (i: number) => (i * 2.399963) % (2 * Math.PI);
  const radius = (i: number) => 1 + (i % 3) + 0.3 * Math.sin(i);
  return figure({
    ...{ id, title: 'Latents', x: { title: 'z₁' }, y: { title: 'z₂' }, isEqual: true },
    layers: [
      {
        ...{ kind: 'points', name: 'latents' },
        x: Float64Array.from({ length: n }, (_, i) => radius(i) * Math.cos(angle(i))),
        y: Float64Array.from({ length: n }, (_, i) => radius(i) * Math.sin(angle(i))),
        groups: { names: ['inner', 'middle', 'outer'], of: Array.from({ length: n }, (_, i) => i % 3) },
      },
    ],
  });
}

export function barsView(id = 'bars'): FigureView {
  return figure({
    ...{ id, title: 'Scores', x: { title: 'score, nats' }, y: { title: 'count' } },
    layers: [
      { kind: 'bars', name: 'data', edges: [0, 1, 2, 3, 4], heights: [4, 9, 3, 0] },
      { kind: 'bars', name: 'anomalies', edges: [0, 1, 2, 3, 4], heights: [0, 1, 5, 2] },
    ],
  });
}

export function surfaceView(id = 'surface', n = 24): FigureView {
  const x = Float64Array.from({ length: n }, (_, i) => -2 + (4 * i) / (n - 1));
  const z = Float64Array.from({ length: n * n }, (_, i) => -(x[i % n]! ** 2) - 2 * x[Math.floor(i / n)]! ** 2);
  return figure({
    ...{ id, title: 'ELBO', x: { title: 'μ₁' }, y: { title: 'μ₂' } },
    layers: [
      { kind: 'surface', name: 'ELBO, nats', x, y: x, z, levels: [-8, -4, -2, -1] },
      { kind: 'path', name: 'EM', x: [-1.5, -0.6, -0.1, 0], y: [1.5, 0.9, 0.2, 0], hasMarkers: true },
    ],
  });
}

export function diagramView(id = 'diagram'): DiagramView {
  return diagramOf(id, new VAE({ input: IMAGE, latent: 2, beta: 4 }));
}

export function codebookDiagramView(id = 'codes'): DiagramView {
  return diagramOf(id, new VQVAE({ input: IMAGE, positions: 4, codebookSize: 32, codeDimension: 8 }));
}

function diagramOf(id: string, model: VAE | VQVAE): DiagramView {
  const { name, ...structure } = structureOf(model);
  model.dispose();
  return diagram({ id, title: name, ...structure });
}
