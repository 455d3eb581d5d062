import type { RuleConfig } from '../config';
import type { Part } from '../parts';
import { adam, adamax, AVERAGE, averagingRate, lion, rmsprop, sgd, type Rule } from '../rules';
import type { Shaped } from '../state';
import { Arena } from './arena';
import { chunkCount, workOn, type KernelName, type KernelTable, type Work } from './chunks';
import type { Crew } from './crew';
import { kernelsOn } from './kernels';

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
  private readonly kernels: KernelTable;
  /** The number of the memory to the other thread. */
  private readonly memory: number | undefined;

  /** @param crew what shares the work with another thread; absent: this one does it */
  constructor(
    part: Part<Shaped>,
    private readonly crew?: Crew,
  ) {
    this.config = part.config;
    this.rule = part.rule;
    this.averageDecay = part.averageDecay;
    this.learningRateScale = part.learningRateScale;
    this.group = part.group;
    this.optimizer = part.optimizer;
    this.variables = part.variables;
    this.arena = new Arena(part.variables, [WEIGHTS, GRADIENT, ...this.rule.slots], crew !== undefined);
    this.kernels = kernelsOn(this.arena.memory, crew !== undefined);
    this.memory = crew?.introduce(this.arena.memory);
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
    return this.over('sumOfSquares', [this.at(GRADIENT)]);
  }

  /**
   * @param t the number of the update, counted from 1
   * @param learningRate of this part
   * @param clip what the gradient is multiplied by, where it lies
   */
  apply(t: number, learningRate: number, clip: number): void {
    const { averageDecay } = this;
    if (clip < 1) this.over('scale', [this.at(GRADIENT)], clip);
    this.update(t, learningRate);
    if (averageDecay !== undefined) {
      this.over('average', [this.at(AVERAGE), this.at(WEIGHTS)], averagingRate(averageDecay, t));
    }
  }

  private update(t: number, learningRate: number): void {
    const { config } = this;
    const at = (run: string) => this.at(run);
    const [w, g] = [at(WEIGHTS), at(GRADIENT)];
    switch (config.name) {
      case 'adam':
      case 'adamw': {
        const { alphaT, epsilonHat, decay } = adam(config).scalars(t, learningRate);
        this.over('adam', [w, g, at('m'), at('v')], config.beta1, config.beta2, alphaT, epsilonHat, decay);
        break;
      }
      case 'adamax': {
        const { alphaT } = adamax(config).scalars(t, learningRate);
        this.over('adamax', [w, g, at('m'), at('u')], config.beta1, config.beta2, config.epsilon, alphaT);
        break;
      }
      case 'sgd': {
        const { alpha } = sgd(config).scalars(t, learningRate);
        this.over('sgd', [w, g, at('momentum')], config.momentum, Number(config.nesterov), alpha);
        break;
      }
      case 'rmsprop': {
        const { slots, scalars } = rmsprop(config);
        // A slot that the rule has not is nowhere, and the kernel does not look.
        const [mean, momentum] = ['mean', 'momentum'].map((slot) => (slots.includes(slot) ? at(slot) : 0));
        const { alpha: smoothing, epsilon, momentum: mu, centered } = config;
        const rate = scalars(t, learningRate)['alpha']!;
        this.over('rmsprop', [w, g, at('v'), mean!, momentum!], smoothing, epsilon, mu, Number(centered), rate);
        break;
      }
      case 'lion': {
        const { alpha, decay } = lion(config).scalars(t, learningRate);
        this.over('lion', [w, g, at('m')], config.beta1, config.beta2, alpha, decay);
        break;
      }
    }
  }

  /** A kernel over all variables, in chunks: what it sums up is the same however many threads there are. */
  private over(kernel: KernelName, addresses: readonly number[], ...others: number[]): number {
    const work: Work = { kernel, addresses, n: this.arena.length, others };
    const chunks = chunkCount(work.n);
    if (this.crew && chunks > 1) return this.crew.do(this.memory!, this.kernels, work);
    let sum = 0;
    for (let chunk = 0; chunk < chunks; chunk++) sum += workOn(this.kernels, work, chunk);
    return sum;
  }

  private at(run: string): number {
    return this.arena.address(run);
  }
}
