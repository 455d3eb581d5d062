/** What a model reports of itself at the ends of epochs: above all the divergence of each latent dimension. */
import type { NamedCurve } from './stacked';

/** One number, or k, at each of some steps: values are [n · k]. */
export interface EpochFigures extends NamedCurve {
  dimensions: number;
}

/** A dimension whose mean varies by more is active: Burda, Grosse and Salakhutdinov 2015, section 5.2. */
export const ACTIVE = 0.01;

/** Divergences by dimension, the greatest at the end first. */
export interface DivergenceMap<F extends EpochFigures = EpochFigures> {
  kl: F;
  /** Dimensions (from 0) from the top row down. */
  order: number[];
  /** Whether each dimension was active when it was looked at last. */
  active: boolean[];
  greatest: number;
}

export function divergenceMap<F extends EpochFigures>(figures: readonly F[]): DivergenceMap<F> | undefined {
  const kl = figures.find(({ name }) => name === 'klPerDimension');
  if (!kl || kl.steps.length === 0) return undefined;
  const last = lastRow(kl);
  const order = [...last.keys()].sort((a, b) => last[b]! - last[a]! || a - b);
  const variances = figures.find(
    ({ name, dimensions }) => name === 'variancePerDimension' && dimensions === last.length,
  );
  const ends = variances ? lastRow(variances) : [];
  let greatest = 0;
  for (let i = 0; i < kl.values.length; i++) if (kl.values[i]! > greatest) greatest = kl.values[i]!;
  return { kl, order, active: last.map((_, i) => ends[i]! > ACTIVE), greatest };
}

function lastRow({ values, dimensions }: EpochFigures): number[] {
  return Array.from({ length: dimensions }, (_, i) => values[values.length - dimensions + i]!);
}

/** How dark a divergence is drawn, from 0 to 1: small divergences should differ most, so shares are square roots. */
export function shadeOf(value: number, greatest: number): number {
  return greatest > 0 ? Math.sqrt(Math.max(0, value) / greatest) : 0;
}

/** The other figures, each with its curves: one, or one a stage. */
export function curveFigures<F extends EpochFigures>(figures: readonly F[]): F[] {
  return figures.filter(({ name, steps }) => !/PerDimension$|^codeCounts$/.test(name) && steps.length > 0);
}

/** `activeUnits` as `active units`. */
export function figureName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

export const FIGURE_UNITS: Readonly<Record<string, string>> = { mutualInformation: 'nats', priorMismatch: 'nats' };

/** One curve for each of its numbers. */
export function stagesOf({ steps, values, dimensions }: EpochFigures) {
  return Array.from({ length: dimensions }, (_, stage) => ({
    steps,
    values: Float32Array.from(steps, (_step, i) => values[i * dimensions + stage]!),
  }));
}

export function figureRange({ values }: EpochFigures): [number, number] {
  let [low, high] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > high) high = values[i]!;
    if (values[i]! < low) low = values[i]!;
  }
  const span = high - low || 1;
  return [low - (low < 0 ? 0.05 * span : 0), high + 0.1 * span];
}
