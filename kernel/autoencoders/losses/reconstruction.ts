import * as tf from '@tensorflow/tfjs';
import { refuseMissing, sumOfPresent, valuesOfX } from '../conditioning/missing';
import type { There } from '../conditioning/missing';
import type { Support } from '../likelihoods/likelihood';
import type { LossPart } from './loss';
import { startedVariables } from '../networks/initial';
import { widthOfRows } from '../networks/network';
import type { RowShape } from '../networks/network';
import type { Term } from '../objectives/terms';

/** A loss in its model: its parameters, and the term `reconstruction`. */
export class Reconstruction {
  readonly support: Support | null;
  /** Without `per …`. */
  readonly unit: string;
  /** Numbers that the decoder gives for each value. */
  readonly perValue: number;
  /** The loss's own, by name; its model adopts them. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;

  /**
   * @param model the class, for messages; its seed; whether values may be missing
   * @throws {ConfigurationError} for missing values where the loss does not say what each value adds
   */
  constructor(
    private readonly part: LossPart,
    shape: RowShape,
    model: { readonly kind: string; readonly seed: number; readonly missing: boolean },
  ) {
    const { support = null, unit, perValue = 1, parameters } = part.definition;
    this.support = support;
    this.unit = unit;
    this.perValue = perValue;
    this.parameters = startedVariables(parameters?.(shape) ?? {}, model.seed);
    const { saysEach, ofEach } = part.definition;
    const rows = () => tf.zeros<tf.Rank.R2>([1, perValue * widthOfRows(shape)]);
    refuseMissing(model.kind, model.missing, {
      what: `the loss "${part.name}"`,
      method: 'ofEach(x, rows, parameters)',
      says: () => (saysEach ? saysEach(rows(), this.parameters) : ofEach !== undefined),
    });
  }

  /**
   * The loss of x [n, d], 0 for what is missing, for the decoder's rows, averaged over the batch.
   *
   * @param input what the encoder was given, in LaTeX
   */
  term(
    { x, there }: { x: tf.Tensor2D; there?: There },
    rows: tf.Tensor2D,
    input = 'x',
  ): Required<Pick<Term, 'value' | 'formula' | 'meaning'>> {
    const { formula, words } = this.part.definition;
    return {
      value: this.perSample(x, rows, there).mean(),
      formula: formula(input),
      meaning: `${words}, summed over ${valuesOfX(there)}, mean over the batch`,
    };
  }

  private perSample(x: tf.Tensor2D, rows: tf.Tensor2D, there: There): tf.Tensor1D {
    const { of, ofEach } = this.part.definition;
    return there ? sumOfPresent(ofEach!(x, rows, this.parameters), there) : of(x, rows, this.parameters);
  }

  /** x̂ from the decoder's rows. */
  of(rows: tf.Tensor2D): tf.Tensor2D {
    return this.part.definition.reconstruction(rows, this.parameters);
  }
}
