import type { LossHistory } from '../../../kernel/views/index';

/** A training of `epochs` × `stepsPerEpoch` steps whose total falls as 100 + 400 / step. */
export function fallingHistory(epochs = 3, stepsPerEpoch = 10): LossHistory {
  const steps = Array.from({ length: epochs * stepsPerEpoch }, (_, i) => i + 1);
  const ends = Array.from({ length: epochs }, (_, i) => (i + 1) * stepsPerEpoch);
  const total = (step: number) => 100 + 400 / step;
  return {
    title: 'VAE, 2 latents',
    unit: 'nats per image',
    stepsPerEpoch,
    series: [
      { name: 'total', split: 'train', steps, values: steps.map(total) },
      { name: 'reconstruction', split: 'train', steps, values: steps.map((step) => total(step) - 6) },
      { name: 'kl', split: 'train', steps, values: steps.map(() => 6) },
      { name: 'total', split: 'validation', steps: ends, values: ends.map((step) => total(step) + 2) },
    ],
    schedules: [{ name: 'β', steps, values: steps.map((step) => Math.min(1, step / 15)) }],
    progress: { state: 'done', step: steps.length, totalSteps: steps.length, epoch: epochs, epochs, secondsElapsed: 9 },
    notes: [],
  };
}
