/** The linear Gaussian VAE, held against its optimum: probabilistic principal component analysis. */
import { fashionMnist, linearWarmup, LinearGaussianModel, ProbabilisticPCA, VAE } from '../../autoencoders/index';
import { measureStandardization } from '../../autoencoders/data/standardization';
import type { Dataset } from '../../autoencoders/index';
import type { Measured, Verification } from '../verification';

/** Components, and the likelihood of the test images under a fit to the 60,000 training images, in nats per image. */
const PUBLISHED = [
  [10, 315.16],
  [20, 396.7],
  [32, 455.28],
] as const;

export const linear: Verification[] = PUBLISHED.map(([k, published]) => ({
  id: `variational/ppca-${k}`,
  system: 'VAE',
  identity: `a linear Gaussian VAE with a learned σ² reaches the likelihood of probabilistic PCA, k = ${k}, nats per image of the shipped 10,000 Fashion-MNIST images (both fitted to them, the VAE less their mean; the figure ${published} belongs to a fit to the 60,000 training images)`,
  quick: false,
  measure: () => probabilisticPca(k),
}));

async function probabilisticPca(k: number): Promise<Measured> {
  const data = await fashionMnist();
  const expected = (await ProbabilisticPCA.fit(data, k)).logLikelihood(data);
  const images = centred(data);
  const decoder = await trainedDecoder(images, k);
  return { expected, found: meanLogEvidence(decoder, images), tolerance: 0.5 };
}

/**
 * A latent that is shifted or scaled, while both networks follow, leaves the reconstruction as it is: only the divergence
 * settles these, and its curvature is about 1, beside λ/σ² up to 1300 across them. So training takes many steps of small
 * batches, the more the more dimensions there are, and its learning rate falls to 0, which averages the noise out.
 */
async function trainedDecoder(data: Dataset, k: number): Promise<LinearGaussianModel> {
  const epochs = 4 * k;
  const batchSize = 100;
  const steps = (epochs * data.length) / batchSize;
  const model = new VAE({
    input: data.shape,
    latent: k,
    hidden: [],
    likelihood: 'gaussian',
    // Gradients grow some fiftyfold as σ² falls from 1: a shorter average of their squares follows sooner.
    optimizer: { name: 'adam', beta2: 0.99 },
    seed: 1,
  });
  await model.fit(data, { epochs, batchSize, learningRate: linearWarmup(steps, 5e-3, 0) });
  const decoder = await LinearGaussianModel.of(model);
  model.dispose();
  return decoder;
}

/** Less the mean image, which training then need not find; a shift of the data leaves the likelihood as it is. */
function centred(data: Dataset): Dataset {
  const { mean } = measureStandardization(data.values, data.width);
  return data.standardized({ mean, scale: new Float32Array(data.width).fill(1) });
}

function meanLogEvidence(model: LinearGaussianModel, { values, length, width }: Dataset): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += model.logEvidence(values.subarray(i * width, (i + 1) * width));
  return sum / length;
}
