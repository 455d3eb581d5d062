import type * as tf from '@tensorflow/tfjs';
import { elementsOf, type Dtype, type Elements } from '../../trace/program';
import { Residence, viewOf } from '../residence';

/** A variable that a step on the CPU reads and does not change: in the memory of the step that trains it, if there is one. */
export class ReadVariable {
  private copy: { elements: Elements; residence: Residence } | undefined;

  constructor(private readonly variable: tf.Variable) {}

  /** Before {@link elements} are read. */
  bringIn(): void {
    if (viewOf(this.variable)) return;
    this.copy ??= copyOf(this.variable);
    this.copy.residence.bringIn();
  }

  /** The variable's values, until the next step. */
  get elements(): Elements {
    return viewOf(this.variable) ?? this.copy!.elements;
  }
}

function copyOf(variable: tf.Variable): { elements: Elements; residence: Residence } {
  const elements = elementsOf(variable.dtype as Dtype, variable.size);
  const place = { read: () => elements.slice(), write: (values: Elements) => elements.set(values) };
  return { elements, residence: new Residence(variable, place) };
}
