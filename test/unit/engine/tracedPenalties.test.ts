import * as tf from '@tensorflow/tfjs';
import { DeterministicAutoencoder } from '../../../kernel/autoencoders/index';
import { activations } from '../../../kernel/autoencoders/models/deterministic/deterministicAutoencoder';
import { ACTIVATIONS } from '../../../kernel/autoencoders/networks/layers/activations';
import { describeTracedSteps } from './tracedIsEager';
import type { Create } from './tracedIsEager';

/** ‖∂ Σ z / ∂x‖² beside the reconstruction: the loss holds a gradient, whose gradient trains. */
class Penalised extends DeterministicAutoencoder {
  override terms(tensors: Readonly<Record<string, tf.Tensor>>) {
    const codes = (x: tf.Tensor) =>
      activations(this.encoder, x as tf.Tensor2D)
        .at(-1)!
        .sum();
    const penalty = tf.grad(codes)(tensors['x']!).square().sum(1).mean();
    return { ...super.terms(tensors), penalty };
  }

  override get objective() {
    const { formula, terms, source } = super.objective;
    return { formula, terms: { ...terms, penalty: { formula: 'p', meaning: 'a penalty' } }, source };
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
