import * as tf from '@tensorflow/tfjs';
import type { OptimizerState } from '../../step';
import type { OptimizerConfig } from '../config';
import { adam, adamax, clipFactor, ruleOf, sgd, type Rule } from '../rules';
import { checkState, slotName, type Shaped } from '../state';
import { Arena } from './arena';
import { kernelsOn, type Kernels } from './kernels';

const WEIGHTS = 'weights';
const GRADIENT = 'gradient';

/**
 * An optimizer that changes all weights where they lie, in one pass over memory, on the CPU.
 *
 * Weights, gradients and slots are views of one {@link Arena}: a runtime reads the weights from there and writes the
 * gradients to there. All are zero at first.
 */
export class FusedOptimizer {
  private updates = 0;
  private readonly rule: Rule;
  private readonly arena: Arena<string>;
  private readonly kernels: Kernels;

  constructor(
    private readonly config: OptimizerConfig,
    private readonly variables: Readonly<Record<string, Shaped>>,
  ) {
    this.rule = ruleOf(config);
    this.arena = new Arena(variables, [WEIGHTS, GRADIENT, ...this.rule.slots]);
    this.kernels = kernelsOn(this.arena.memory);
  }

  /** Updates done. */
  get step(): number {
    return this.updates;
  }

  /** The variable's values, to be read and set: always the same array. */
  weights(variable: string): Float32Array {
    return this.arena.view(WEIGHTS, variable);
  }

  /** Where {@link apply} finds the variable's gradient: always the same array. */
  gradient(variable: string): Float32Array {
    return this.arena.view(GRADIENT, variable);
  }

  /** Euclidean norm of the gradient over all variables; NaN or infinite where one of its elements is. */
  gradientNorm(): number {
    return Math.sqrt(this.kernels.sumOfSquares(this.arena.address(GRADIENT), this.arena.length));
  }

  /**
   * One update of all weights. Shortens the gradient where it lies if it is to be clipped.
   *
   * @param gradientNorm what {@link gradientNorm} gives, which the caller has had to know before
   */
  apply(learningRate: number, gradientNorm: number): void {
    this.updates += 1;
    const { config, kernels, updates: t } = this;
    const n = this.arena.length;
    const at = (run: string) => this.arena.address(run);
    const [w, g] = [at(WEIGHTS), at(GRADIENT)];
    const clip = clipFactor(config, gradientNorm);
    if (clip < 1) kernels.scale(g, n, clip);
    switch (config.name) {
      case 'adam':
      case 'adamw': {
        const { alphaT, epsilonHat, decay } = adam(config).scalars(t, learningRate);
        kernels.adam(w, g, at('m'), at('v'), n, config.beta1, config.beta2, alphaT, epsilonHat, decay);
        break;
      }
      case 'adamax': {
        const { alphaT } = adamax(config).scalars(t, learningRate);
        kernels.adamax(w, g, at('m'), at('u'), n, config.beta1, config.beta2, config.epsilon, alphaT);
        break;
      }
      case 'sgd': {
        const { alpha } = sgd(config).scalars(t, learningRate);
        kernels.sgd(w, g, at('momentum'), n, config.momentum, Number(config.nesterov), alpha);
        break;
      }
    }
  }

  /** A snapshot: later updates do not change it. */
  state(): OptimizerState {
    const tensors: Record<string, tf.Tensor> = {};
    for (const [name, { shape }] of Object.entries(this.variables)) {
      for (const slot of this.rule.slots) {
        tensors[slotName(name, slot)] = tf.tensor(this.arena.view(slot, name).slice(), [...shape]);
      }
    }
    return { name: this.config.name, step: this.updates, tensors };
  }

  /** @throws when the state does not fit; nothing has changed then */
  restore(state: OptimizerState): void {
    checkState(state, this.config.name, this.rule, this.variables);
    for (const name of Object.keys(this.variables)) {
      for (const slot of this.rule.slots) {
        this.arena.view(slot, name).set(state.tensors[slotName(name, slot)]!.dataSync());
      }
    }
    this.updates = state.step;
  }
}
