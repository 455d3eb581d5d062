import * as tf from '@tensorflow/tfjs';
import type { OptimizerState } from '../../step';
import { clipFactor } from '../clipping';
import type { OptimizerConfig } from '../config';
import { partsOf, rateOf, type Rates } from '../parts';
import { checkState, slotName, type Shaped } from '../state';
import { Crew } from './crew';
import { moduleFor } from './kernels';
import { FusedPart } from './part';

/**
 * An optimizer that changes all weights where they lie, on the CPU: in one pass over memory for each part of the
 * variables that is updated alike.
 *
 * Weights, gradients and slots are views of the parts' memories: a runtime reads the weights from there and writes the
 * gradients to there. All are zero at first.
 */
export class FusedOptimizer {
  private updates = 0;
  private readonly parts: readonly FusedPart[];
  private readonly partOf: ReadonlyMap<string, FusedPart>;

  /** @throws {OptimizerGroupError} when groups do not fit the variables */
  constructor(
    private readonly config: OptimizerConfig,
    variables: Readonly<Record<string, Shaped>>,
    /** Whether a second thread works with this one, on memory that both share. */
    isShared = false,
  ) {
    const crew = isShared ? theCrew() : undefined;
    this.parts = partsOf(config, variables).map((part) => new FusedPart(part, crew));
    this.partOf = new Map(
      this.parts.flatMap((part) => Object.keys(part.variables).map((name) => [name, part] as const)),
    );
  }

  /** Updates done. */
  get step(): number {
    return this.updates;
  }

  /** The variable's values, to be read and set: always the same array. */
  weights(variable: string): Float32Array {
    return this.part(variable).weights(variable);
  }

  /** Where {@link apply} finds the variable's gradient: always the same array. */
  gradient(variable: string): Float32Array {
    return this.part(variable).gradient(variable);
  }

  /** Euclidean norm of the gradient over all variables; NaN or infinite where one of its elements is. */
  gradientNorm(): number {
    return normOf(this.parts);
  }

  /**
   * One update of all weights. Shortens the gradient where it lies if it is to be clipped.
   *
   * @param gradientNorm what {@link gradientNorm} gives, which the caller has had to know before
   */
  apply(rates: Rates, gradientNorm: number): void {
    this.updates += 1;
    const clips = this.parts.map((part) => this.clipOf(part, gradientNorm));
    this.parts.forEach((part, i) => part.apply(this.updates, rateOf(part, rates), clips[i]!));
  }

  /** A snapshot: later updates do not change it. */
  state(): OptimizerState {
    const tensors: Record<string, tf.Tensor> = {};
    this.eachSlot((name, values, shape) => (tensors[name] = tf.tensor(values.slice(), [...shape])));
    return { name: this.config.name, step: this.updates, tensors };
  }

  /** @throws when the state does not fit; nothing has changed then */
  restore(state: OptimizerState): void {
    checkState(state, this.config.name, this.parts);
    this.eachSlot((name, values) => values.set(state.tensors[name]!.dataSync()));
    this.updates = state.step;
  }

  private part(variable: string): FusedPart {
    const part = this.partOf.get(variable);
    if (!part) throw new Error(`The optimizer knows no variable ${variable}.`);
    return part;
  }

  private clipOf({ config, optimizer }: FusedPart, gradientNorm: number): number {
    if (config.clipNorm === undefined) return 1;
    const own = this.parts.filter((part) => part.optimizer === optimizer);
    return clipFactor(config, own.length === this.parts.length ? gradientNorm : normOf(own));
  }

  private eachSlot(visit: (name: string, values: Float32Array, shape: readonly number[]) => void): void {
    for (const part of this.parts) {
      for (const [name, { shape }] of Object.entries(part.variables)) {
        for (const slot of part.rule.slots) visit(slotName(name, slot), part.slot(slot, name), shape);
      }
    }
  }
}

let crew: Crew | undefined;

/** One second thread for all optimizers of the process. */
function theCrew(): Crew {
  return (crew ??= new Crew(moduleFor(true)));
}

function normOf(parts: readonly FusedPart[]): number {
  return Math.sqrt(parts.reduce((sum, part) => sum + part.squaredNorm(), 0));
}
