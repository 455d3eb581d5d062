import type { RuleConfig } from '../config';
import type { Part } from '../parts';
import { adam, adamax, AVERAGE, averagingRate, lion, rmsprop, sgd, type Rule } from '../rules';
import type { Shaped } from '../state';
import { Arena } from './arena';
import { kernelsOn, type Kernels } from './kernels';

const WEIGHTS = 'weights';
const GRADIENT = 'gradient';

/** Variables with one rule: weights, gradients and slots in one memory, changed in one pass. */
export class FusedPart implements Part<Shaped> {
  readonly config: RuleConfig;
  readonly rule: Rule;
  readonly averageDecay: number | undefined;
  readonly learningRateScale: number;
  readonly group: number;
  readonly optimizer: number;
  readonly variables: Readonly<Record<string, Shaped>>;
  private readonly arena: Arena<string>;
  private readonly kernels: Kernels;

  constructor(part: Part<Shaped>) {
    this.config = part.config;
    this.rule = part.rule;
    this.averageDecay = part.averageDecay;
    this.learningRateScale = part.learningRateScale;
    this.group = part.group;
    this.optimizer = part.optimizer;
    this.variables = part.variables;
    this.arena = new Arena(part.variables, [WEIGHTS, GRADIENT, ...this.rule.slots]);
    this.kernels = kernelsOn(this.arena.memory);
  }

  weights(variable: string): Float32Array {
    return this.arena.view(WEIGHTS, variable);
  }

  gradient(variable: string): Float32Array {
    return this.arena.view(GRADIENT, variable);
  }

  slot(slot: string, variable: string): Float32Array {
    return this.arena.view(slot, variable);
  }

  /** The gradient's, over all variables here. */
  squaredNorm(): number {
    return this.kernels.sumOfSquares(this.arena.address(GRADIENT), this.arena.length);
  }

  /**
   * @param t the number of the update, counted from 1
   * @param learningRate of this part
   * @param clip what the gradient is multiplied by, where it lies
   */
  apply(t: number, learningRate: number, clip: number): void {
    const { kernels, averageDecay } = this;
    const n = this.arena.length;
    if (clip < 1) kernels.scale(this.at(GRADIENT), n, clip);
    this.update(t, learningRate);
    if (averageDecay !== undefined) {
      kernels.average(this.at(AVERAGE), this.at(WEIGHTS), n, averagingRate(averageDecay, t));
    }
  }

  private update(t: number, learningRate: number): void {
    const { config, kernels } = this;
    const n = this.arena.length;
    const at = (run: string) => this.at(run);
    const [w, g] = [at(WEIGHTS), at(GRADIENT)];
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
      case 'rmsprop': {
        const { slots, scalars } = rmsprop(config);
        // A slot that the rule has not is nowhere, and the kernel does not look.
        const [mean, momentum] = ['mean', 'momentum'].map((slot) => (slots.includes(slot) ? at(slot) : 0));
        const { alpha: smoothing, epsilon, momentum: mu, centered } = config;
        const rate = scalars(t, learningRate)['alpha']!;
        kernels.rmsprop(w, g, at('v'), mean!, momentum!, n, smoothing, epsilon, mu, Number(centered), rate);
        break;
      }
      case 'lion': {
        const { alpha, decay } = lion(config).scalars(t, learningRate);
        kernels.lion(w, g, at('m'), n, config.beta1, config.beta2, alpha, decay);
        break;
      }
    }
  }

  private at(run: string): number {
    return this.arena.address(run);
  }
}
