import {
  ContractiveAutoencoder,
  DenoisingAutoencoder,
  KSparseAutoencoder,
  RegularizedAutoencoder,
  SparseAutoencoder,
} from '../../../../../kernel/autoencoders/index';
import { describeTracedSteps } from '../../../engine/tracedIsEager';

const input = 12;

describeTracedSteps({
  'denoising autoencoder, masking': (common) =>
    new DenoisingAutoencoder({ ...common, input, hidden: [8], latent: 3, loss: 'crossEntropy' }),
  'denoising autoencoder, Gaussian': (common) =>
    new DenoisingAutoencoder({ ...common, input, hidden: [8], latent: 3, corruption: { corruption: 'gaussian' } }),
  'denoising autoencoder, salt and pepper': (common) =>
    new DenoisingAutoencoder({ ...common, input, hidden: [], latent: 3, corruption: { corruption: 'saltAndPepper' } }),
  'sparse autoencoder': (common) => new SparseAutoencoder({ ...common, input, hidden: [8], latent: 5 }),
  'k-sparse autoencoder': (common) => new KSparseAutoencoder({ ...common, input, units: 20, active: 3 }),
  'k-sparse autoencoder with an auxiliary loss': (common) =>
    new KSparseAutoencoder({ ...common, input, units: 20, active: 3, auxiliary: { active: 4, deadAfter: 1 } }),
  'contractive autoencoder': (common) => new ContractiveAutoencoder({ ...common, input, latent: 5 }),
  'contractive autoencoder of three layers': (common) =>
    new ContractiveAutoencoder({ ...common, input, hidden: [8, 6], latent: 3, activation: 'tanh', tied: false }),
  'contractive autoencoder with rectifiers': (common) =>
    new ContractiveAutoencoder({ ...common, input, hidden: [8], latent: 3, activation: 'relu' }),
  'regularised autoencoder': (common) => new RegularizedAutoencoder({ ...common, input, hidden: [8], latent: 3 }),
});
