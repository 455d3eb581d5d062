/** Before each file of tests: what a process has one of is as it was at its start. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll } from 'vitest';
import { setDefaultSeed } from '../../kernel/autoencoders/random';

beforeAll(async () => {
  await tf.setBackend('cpu');
  setDefaultSeed(0);
});
