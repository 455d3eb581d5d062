import * as tf from '@tensorflow/tfjs';
import type { AdamConfig, OptimizerState } from '../step';

/**
 * Adam (Kingma and Ba 2015), algorithm 1, with moments that can be read and set exactly.
 *
 * The step counter is a whole number and the bias corrections are computed from it in double precision, so a restored
 * optimizer goes on bit for bit (tfjs's own multiplies the corrections up in float32 and cannot).
 */
export class Adam {
  private step = 0;
  private readonly moments: Record<string, { m: tf.Variable; v: tf.Variable }> = {};

  constructor(
    private readonly variables: Readonly<Record<string, tf.Variable>>,
    private readonly config: AdamConfig,
  ) {}

  /** Moves every variable that has a gradient. */
  apply(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number): void {
    this.step += 1;
    const { beta1, beta2, epsilon } = this.config;
    const correction2 = Math.sqrt(1 - beta2 ** this.step);
    const rate = (learningRate * correction2) / (1 - beta1 ** this.step);
    for (const [name, g] of Object.entries(gradients)) {
      const { m, v } = this.momentsOf(name);
      tf.tidy(() => {
        m.assign(m.mul(beta1).add(g.mul(1 - beta1)));
        v.assign(v.mul(beta2).add(g.square().mul(1 - beta2)));
        const direction = m.div(v.sqrt().add(epsilon * correction2));
        this.variable(name).assign(this.variable(name).sub(direction.mul(rate)));
      });
    }
  }

  /** A snapshot: later steps do not change it. */
  state(): OptimizerState {
    const tensors: Record<string, tf.Tensor> = {};
    for (const name of Object.keys(this.variables)) {
      const { m, v } = this.momentsOf(name);
      tensors[`${name}/m`] = m.clone();
      tensors[`${name}/v`] = v.clone();
    }
    return { step: this.step, tensors };
  }

  restore(state: OptimizerState): void {
    for (const name of Object.keys(this.variables)) {
      const { m, v } = this.momentsOf(name);
      m.assign(momentIn(state, `${name}/m`));
      v.assign(momentIn(state, `${name}/v`));
    }
    this.step = state.step;
  }

  dispose(): void {
    for (const { m, v } of Object.values(this.moments)) tf.dispose([m, v]);
  }

  private momentsOf(name: string): { m: tf.Variable; v: tf.Variable } {
    const zeros = () => tf.tidy(() => tf.variable(tf.zerosLike(this.variable(name)), false));
    return (this.moments[name] ??= { m: zeros(), v: zeros() });
  }

  private variable(name: string): tf.Variable {
    const variable = this.variables[name];
    if (!variable) throw new Error(`The optimizer knows no variable ${name}.`);
    return variable;
  }
}

function momentIn(state: OptimizerState, name: string): tf.Tensor {
  const moment = state.tensors[name];
  if (!moment) throw new Error(`The optimizer state lacks ${name}.`);
  return moment;
}
