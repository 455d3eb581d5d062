import * as tf from '@tensorflow/tfjs';
import { stopGradient as sg } from '../../networks/gradients/stopGradient';
import type { Term } from '../../objectives/terms';

/** −log p(y|x) of logits [n, C] for classes y, int32 [n], in nats, mean over the batch: a scalar. */
export function crossEntropyOf(logits: tf.Tensor2D, y: tf.Tensor1D): Term {
  const ofClass = logits.mul(tf.oneHot(y, logits.shape[1]).cast('float32')).sum(1);
  return {
    value: logits.logSumExp(1).sub(ofClass).mean(),
    formula: '-\\log p(y|x)',
    meaning: 'mean over the batch',
  };
}

/** The share of rows whose greatest logit [n, C] is that of their class y, int32 [n]; reported alone. */
export function accuracyOf(logits: tf.Tensor2D, y: tf.Tensor1D): Term {
  return {
    value: sg(() => logits.argMax(1).equal(y).cast('float32').mean()),
    weight: 'reported',
    formula: 'P(\\arg\\max_c l_c = y)',
    meaning: 'reported, trains nothing',
    unit: 'share',
  };
}
