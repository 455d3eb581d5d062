import * as tf from '@tensorflow/tfjs';
import { DeterministicAutoencoder } from '../../../kernel/autoencoders/index';
import type { DeterministicGiven } from '../../../kernel/autoencoders/index';
import { ACTIVATIONS } from '../../../kernel/autoencoders/networks/layers/activations';
import { describeTracedSteps } from './tracedIsEager';
import type { Create } from './tracedIsEager';

/** ‖∂ Σ z / ∂x‖² beside the reconstruction: the loss holds a gradient, whose gradient trains. */
class Penalised extends DeterministicAutoencoder {
  override terms(given: DeterministicGiven) {
    const codes = (x: tf.Tensor) => this.encodeRows(x as tf.Tensor2D).sum();
    const value = tf.grad(codes)(given.x).square().sum(1).mean();
    return { ...super.terms(given), penalty: { value, formula: 'p', meaning: 'a penalty' } };
  }
}

describeTracedSteps(
  Object.fromEntries(
    ACTIVATIONS.map((activation): [string, Create] => [
      `autoencoder with a penalty on its gradient, ${activation}`,
      (common) => new Penalised({ ...common, input: 5, hidden: [6], latent: 3, activation }),
    ]),
  ),
);
