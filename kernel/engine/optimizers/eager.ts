import * as tf from '@tensorflow/tfjs';
import type { OptimizerState } from '../step';
import type { OptimizerConfig } from './config';
import { clipFactor, ruleOf, type Rule } from './rules';
import { checkState, slotName } from './state';

/**
 * An optimizer on tfjs's active backend, with a state that can be read and set exactly.
 *
 * The counter of updates is a whole number and the bias corrections are computed from it in double precision, so a
 * restored optimizer goes on bit for bit (tfjs's own multiply the corrections up in float32 and cannot).
 */
export class EagerOptimizer {
  private step = 0;
  private readonly rule: Rule;
  private readonly slots: Record<string, Record<string, tf.Variable>> = {};

  constructor(
    private readonly config: OptimizerConfig,
    private readonly variables: Readonly<Record<string, tf.Variable>>,
  ) {
    this.rule = ruleOf(config);
  }

  /**
   * One update of every variable; one without a gradient counts as having gradient zero.
   *
   * @param gradientNorm Euclidean norm of the gradient over all variables
   */
  apply(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number, gradientNorm: number): void {
    this.step += 1;
    const clip = clipFactor(this.config, gradientNorm);
    const scalars = this.rule.scalars(this.step, learningRate);
    for (const [name, variable] of Object.entries(this.variables)) {
      const slots = this.slotsOf(name, variable);
      tf.tidy(() => {
        const g = gradients[name] ?? tf.zerosLike(variable);
        const next = this.rule.update(variable, clip < 1 ? g.mul(clip) : g, slots, scalars);
        variable.assign(next.w);
        for (const slot of this.rule.slots) slots[slot]!.assign(next.slots[slot]!);
      });
    }
  }

  /** A snapshot: later updates do not change it. */
  state(): OptimizerState {
    const tensors: Record<string, tf.Tensor> = {};
    for (const [name, variable] of Object.entries(this.variables)) {
      for (const [slot, value] of Object.entries(this.slotsOf(name, variable))) {
        tensors[slotName(name, slot)] = value.clone();
      }
    }
    return { name: this.config.name, step: this.step, tensors };
  }

  /** @throws when the state does not fit; nothing has changed then */
  restore(state: OptimizerState): void {
    checkState(state, this.config.name, this.rule, this.variables);
    for (const [name, variable] of Object.entries(this.variables)) {
      for (const [slot, value] of Object.entries(this.slotsOf(name, variable))) {
        value.assign(state.tensors[slotName(name, slot)]!);
      }
    }
    this.step = state.step;
  }

  dispose(): void {
    tf.dispose(Object.values(this.slots).flatMap((slots) => Object.values(slots)));
  }

  private slotsOf(name: string, variable: tf.Variable): Record<string, tf.Variable> {
    const zeros = () => tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
    return (this.slots[name] ??= Object.fromEntries(this.rule.slots.map((slot) => [slot, zeros()])));
  }
}
