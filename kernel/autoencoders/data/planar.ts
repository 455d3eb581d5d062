/** Points in the plane with labels, for pictures and quick trials. */
import { z } from 'zod';
import { checkedConfig } from '../config';
import { defaultSeed, randomStream } from '../random';
import { Dataset } from './dataset';

const shared = { count: z.int().min(1), seed: z.int().default(defaultSeed) };

/** Options of {@link twoMoons}. */
export interface TwoMoonsOptions {
  count: number;
  /** Standard deviation of what is added to each coordinate. Default 0.1. */
  noise?: number;
  seed?: number;
}

const moons = z.strictObject({ ...shared, noise: z.number().min(0).default(0.1) });

/**
 * Two interleaving half circles of radius 1, [count, 2]: the upper one around (0, 0), class 0, and the lower one around
 * (1, ½), class 1, taking turns; the angle is uniform.
 */
export function twoMoons(options: TwoMoonsOptions): Dataset {
  const { count, noise, seed } = checkedConfig('twoMoons', moons, options);
  const stream = randomStream(seed, 'two moons');
  return points('two moons', count, ['upper', 'lower'], (i) => {
    const angle = Math.PI * stream.uniform();
    const [dx = 0, dy = 0] = stream.normals(2);
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    const [moonX, moonY] = i % 2 === 0 ? [x, y] : [1 - x, 0.5 - y];
    return [moonX + noise * dx, moonY + noise * dy, i % 2];
  });
}

/** Options of {@link gaussianMixtureData}. */
export interface GaussianMixtureDataOptions {
  count: number;
  /** On a circle around 0, or on a square grid around it. Default `ring`. */
  layout?: 'ring' | 'grid';
  /** Components of equal weight; of a grid a square number. Default 8 on a ring, 25 on a grid. */
  components?: number;
  /** Radius of the ring, or distance between neighbours on the grid. Default 2. */
  distance?: number;
  /** Standard deviation of each component along both axes. Default 0.1. */
  sigma?: number;
  seed?: number;
}

const mixture = z.strictObject({
  ...shared,
  layout: z.enum(['ring', 'grid']).default('ring'),
  components: z.int().min(1).optional(),
  distance: z.number().positive().default(2),
  sigma: z.number().min(0).default(0.1),
});

const mixtureSchema = mixture.refine(
  ({ layout, components = 25 }) => layout === 'ring' || Number.isInteger(Math.sqrt(components)),
  { path: ['components'], error: 'allowed for a grid: square numbers, 4, 9, 16, …' },
);

/** Draws from a mixture of round Gaussians in the plane, [count, 2], labelled by their component. */
export function gaussianMixtureData(options: GaussianMixtureDataOptions): Dataset {
  const { count, sigma, seed, ...where } = checkedConfig('gaussianMixtureData', mixtureSchema, options);
  const centres = where.layout === 'ring' ? ring(where) : grid(where);
  const stream = randomStream(seed, 'gaussian mixture');
  const names = centres.map((_, i) => `component ${i}`);
  return points(`Gaussian mixture, ${where.layout}`, count, names, () => {
    const component = stream.integer(centres.length);
    const [dx = 0, dy = 0] = stream.normals(2);
    const [x, y] = centres[component]!;
    return [x + sigma * dx, y + sigma * dy, component];
  });
}

interface Layout {
  components?: number;
  distance: number;
}

function ring({ components = 8, distance }: Layout): [number, number][] {
  return Array.from({ length: components }, (_, i) => {
    const angle = (2 * Math.PI * i) / components;
    return [distance * Math.cos(angle), distance * Math.sin(angle)];
  });
}

function grid({ components = 25, distance }: Layout): [number, number][] {
  const side = Math.sqrt(components);
  const at = (index: number) => distance * (index - (side - 1) / 2);
  return Array.from({ length: components }, (_, i) => [at(i % side), at(Math.floor(i / side))]);
}

/** @param draw x, y and class of point i */
function points(
  name: string,
  count: number,
  classNames: string[],
  draw: (i: number) => [x: number, y: number, label: number],
): Dataset {
  const values = new Float32Array(2 * count);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const [x, y, label] = draw(i);
    values.set([x, y], 2 * i);
    labels[i] = label;
  }
  return new Dataset({ name, values, shape: { kind: 'vector', features: ['x', 'y'] }, labels, classNames });
}
