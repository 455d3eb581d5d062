import * as tf from '@tensorflow/tfjs';
import { PixelCNN } from '../../../../../kernel/autoencoders/models/autoregressive/pixelCnn';
import { PixelSNAIL } from '../../../../../kernel/autoencoders/models/autoregressive/pixelSnail';
import { randomStream } from '../../../../../kernel/autoencoders/random';
import { describeTracedSteps } from '../../../engine/tracedIsEager';

const map = { height: 3, width: 4, codebookSize: 5 };
const given = { conditions: [{ height: 2, width: 2, codebookSize: 3 }], classes: 2 };

describeTracedSteps(
  {
    PixelCNN: (common) => new PixelCNN({ ...common, ...map, channels: 6, layers: 2, firstKernel: 5 }),
    'PixelCNN given a map and a class': (common) =>
      new PixelCNN({ ...common, ...map, ...given, channels: 6, layers: 2, firstKernel: 3 }),
    PixelSNAIL: (common) => new PixelSNAIL({ ...common, ...map, channels: 6, heads: 2, keyChannels: 3, layers: 1 }),
    'PixelSNAIL given a map and a class': (common) =>
      new PixelSNAIL({ ...common, ...map, ...given, channels: 6, heads: 2, keyChannels: 3, layers: 1 }),
  },
  (batch, width, step) => {
    const stream = randomStream(1, 'codes', step);
    return tf.tensor2d(Array.from({ length: batch * width }, () => stream.integer(3)), [batch, width]); // prettier-ignore
  },
);
