import * as tf from '@tensorflow/tfjs';
import type { OptimizerState } from '../step';
import { clipsOf } from './clipping';
import type { OptimizerConfig } from './config';
import { partsOf, rateOf, type Part, type Rates } from './parts';
import { checkState, slotName } from './state';

/**
 * An optimizer on tfjs's active backend, with a state that can be read and set exactly.
 *
 * The counter of updates is a whole number and the bias corrections are computed from it in double precision, so a
 * restored optimizer continues bit for bit (tfjs's own multiply the corrections up in float32 and cannot).
 */
export class EagerOptimizer {
  private step = 0;
  private readonly parts: readonly Part<tf.Variable>[];
  private readonly slots: Record<string, Record<string, tf.Variable>> = {};

  /** @throws {OptimizerGroupError} when groups do not fit the variables */
  constructor(
    private readonly config: OptimizerConfig,
    variables: Readonly<Record<string, tf.Variable>>,
  ) {
    this.parts = partsOf(config, variables);
  }

  /**
   * One update of every variable that is trained; one without a gradient counts as having gradient zero.
   *
   * @param gradientNorm Euclidean norm of the gradient over all these variables
   */
  apply(gradients: Readonly<Record<string, tf.Tensor>>, rates: Rates, gradientNorm: number): void {
    this.step += 1;
    const clips = clipsOf(this.parts, gradients, gradientNorm);
    for (const part of this.parts) this.applyTo(part, gradients, rates, clips.get(part.optimizer)!);
    tf.dispose([...clips.values()]);
  }

  private applyTo(
    part: Part<tf.Variable>,
    gradients: Readonly<Record<string, tf.Tensor>>,
    rates: Rates,
    clip: tf.Tensor | number,
  ): void {
    const { rule, variables } = part;
    const scalars = rule.scalars(this.step, rateOf(part, rates));
    for (const [name, variable] of Object.entries(variables)) {
      const slots = this.slotsOf(name, variable, rule.slots);
      tf.tidy(() => {
        const g = gradients[name] ?? tf.zerosLike(variable);
        const next = rule.update(variable, clip === 1 ? g : g.mul(clip), slots, scalars);
        variable.assign(next.w);
        for (const slot of rule.slots) slots[slot]!.assign(next.slots[slot]!);
      });
    }
  }

  /** A snapshot: later updates do not change it. */
  state(): OptimizerState {
    const tensors: Record<string, tf.Tensor> = {};
    this.eachSlot((name, value) => (tensors[name] = value.clone()));
    return { name: this.config.name, step: this.step, tensors };
  }

  /** @throws when the state does not fit; nothing has changed then */
  restore(state: OptimizerState): void {
    checkState(state, this.config.name, this.parts);
    this.eachSlot((name, value) => value.assign(state.tensors[name]!));
    this.step = state.step;
  }

  dispose(): void {
    tf.dispose(Object.values(this.slots).flatMap((slots) => Object.values(slots)));
  }

  private eachSlot(visit: (name: string, value: tf.Variable) => void): void {
    for (const { rule, variables } of this.parts) {
      for (const [name, variable] of Object.entries(variables)) {
        const slots = this.slotsOf(name, variable, rule.slots);
        for (const [slot, value] of Object.entries(slots)) visit(slotName(name, slot), value);
      }
    }
  }

  private slotsOf(name: string, variable: tf.Variable, slots: readonly string[]): Record<string, tf.Variable> {
    const zeros = () => tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
    return (this.slots[name] ??= Object.fromEntries(slots.map((slot) => [slot, zeros()])));
  }
}
