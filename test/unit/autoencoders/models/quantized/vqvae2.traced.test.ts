import { VQVAE2 } from '../../../../../kernel/autoencoders/models/quantized/vqvae2';
import { ownSigns } from './ownQuantizers';
import { describeTracedSteps } from '../../../engine/tracedIsEager';

const small = { channels: 6, residualBlocks: 1, residualChannels: 4, codebookSize: 8, codeDimension: 3 };
const shape = (height: number, width: number, channels: 1 | 3) => ({ kind: 'image', height, width, channels }) as const;

describeTracedSteps({
  'VQ-VAE-2 with a quantizer of your own': (common) =>
    new VQVAE2({
      ...common,
      input: shape(12, 12, 1),
      channels: 4,
      residualBlocks: 1,
      residualChannels: 2,
      quantizer: ownSigns({ bits: 2, jitter: 0.1 }),
    }),
  'VQ-VAE-2': (common) => new VQVAE2({ ...common, ...small, input: shape(12, 12, 1) }),
  'VQ-VAE-2 of odd colour images': (common) => new VQVAE2({ ...common, ...small, input: shape(9, 11, 3) }),
  'VQ-VAE-2 of three levels': (common) =>
    new VQVAE2({ ...common, ...small, channels: 2, input: shape(16, 16, 1), levels: 3 }),
});
