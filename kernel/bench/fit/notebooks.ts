/** Workload a as somebody writes it into a notebook; the last line printed says what it took. */
import { notebookText } from '../notebookText';
import type { FitExtent } from './extent';

/** What a notebook prints: seconds of `fit`, its steps, and the loss at its end. */
const TOLD = `console.log(JSON.stringify({ seconds, steps, loss: history.final.train.total }));`;

const MODEL = `const vae = new VAE({ input: data.shape, hidden: [400], latent: 20, seed: 0 });`;

/**
 * All of a training: data, model, fit with its live curves.
 *
 * @param folder where Fashion-MNIST's 60,000 images are; undefined: as many by chance
 */
export function wholeTraining({ images, epochs }: FitExtent, folder: string | undefined): string {
  const data =
    folder === undefined
      ? `const stream = randomStream(0, 'images');
const data = new Dataset({ values: stream.uniforms(60_000 * 784), shape: { kind: 'image', height: 28, width: 28, channels: 1 } }).take(${images});`
      : `const data = (await fashionMnist({ set: 'train', folder: ${JSON.stringify(folder)} })).take(${images});`;
  return notebookOf([
    `import { Dataset, fashionMnist, randomStream, VAE } from 'latentlab';`,
    data,
    `${MODEL}
const start = performance.now();
const history = await vae.fit(data, { epochs: ${epochs}, batchSize: 128, learningRate: 1e-3 });
const seconds = (performance.now() - start) / 1000;
const steps = history.progress.step;
${TOLD}
history`,
  ]);
}

/** Steps of a training that is warm: a first one sets up what the second is timed with. */
export function timedSteps({ timedEpochs }: FitExtent): string {
  return notebookOf([
    `import { fashionMnist, VAE } from 'latentlab';`,
    `const data = (await fashionMnist()).take(${78 * 128});`,
    `${MODEL}
await vae.fit(data, { epochs: 1, batchSize: 128, learningRate: 1e-3 });
const start = performance.now();
const history = await vae.fit(data, { epochs: ${timedEpochs}, batchSize: 128, learningRate: 1e-3 });
const seconds = (performance.now() - start) / 1000;
const steps = history.progress.step;
${TOLD}
history`,
  ]);
}

function notebookOf(texts: readonly string[]): string {
  return notebookText(texts.map((text) => ({ text })));
}
