/** How long a training takes: some steps of the very model on random numbers, on the device that will train it. */
import { modelOf } from './cell';
import type { Plan } from './plan';

/** Batches of random numbers that the steps go through. */
const BATCHES = 4;
/** What a measurement takes at most, and when it has steps enough, in milliseconds. */
const LONGEST = 8000;
const ENOUGH = 600;

/** What a kernel has measured. */
export interface Measured {
  millisecondsPerStep: number;
  steps: number;
}

/** A cell that shows {@link Measured} as JSON. It declares nothing, and frees its model. */
export function timingCode(plan: Plan): string {
  const { expression, imports } = modelOf({ ...plan, missing: 'none' }, { train: '$data' });
  const count = plan.batchSize * BATCHES;
  return `{
  const { ${[...new Set(['Dataset', 'tf', ...imports])].join(', ')} } = await import('latentlab');
  const $values = Float32Array.from({ length: ${count * plan.width} }, (_, $i) => ((($i * 2654435761) >>> 8) % 1000) / 1000);
  const $data = new Dataset({ values: $values, shape: ${JSON.stringify(shapeOf(plan))} });
  const $model = ${expression};
  const $times = [];
  const $start = performance.now();
  try {
    await $model.fit($data, {
      epochs: 10_000,
      batchSize: ${plan.batchSize},
      callbacks: {
        stepEnded() {
          const $now = performance.now();
          $times.push($now);
          const $enough = $times.length > 3 && $now - $times[0] > ${ENOUGH};
          return $enough || ($times.length > 1 && $now - $start > ${LONGEST}) ? 'stop' : undefined;
        },
      },
    });
  } finally {
    $model.dispose();
  }
  const $steps = $times.length - 1;
  const $measured = { millisecondsPerStep: ($times.at(-1) - $times[0]) / $steps, steps: $steps };
  await display({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': $measured }) });
}`;
}

/** Seconds of all epochs; validation passes over a tenth, and has no gradients. */
export function secondsFor(
  { epochs, stepsPerEpoch, heldOut, batchSize }: Plan,
  { millisecondsPerStep }: Measured,
): number {
  const steps = epochs * (stepsPerEpoch + Math.ceil(heldOut / batchSize) / 3);
  return (steps * millisecondsPerStep) / 1000;
}

function shapeOf({ survey, shape }: Plan): object {
  if (survey.kind === 'images') return { kind: 'image', height: shape[0], width: shape[1], channels: shape[2] };
  const [features, steps] = [shape.at(-1)!, shape.length > 1 ? shape[0] : undefined];
  const names = Array.from({ length: features }, (_, i) => `x${i}`);
  return steps === undefined ? { kind: 'vector', features: names } : { kind: 'sequence', steps, features: names };
}
