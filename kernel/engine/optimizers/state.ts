/** What runtimes do alike with the state of an optimizer. */
import type { OptimizerState } from '../step';
import type { OptimizerName } from './config';
import type { Rule } from './rules';

/** What has a shape: a variable. */
export interface Shaped {
  readonly shape: readonly number[];
}

/** `slotName('encoder.0.bias', 'm')` is `encoder.0.bias/m`. */
export function slotName(variable: string, slot: string): string {
  return `${variable}/${slot}`;
}

/** @throws when the state is another rule's, or lacks a slot, or has one of another shape */
export function checkState(
  state: OptimizerState,
  name: OptimizerName,
  { slots }: Rule,
  variables: Readonly<Record<string, Shaped>>,
): void {
  if (state.name !== name) throw new Error(`The state is that of the optimizer ${state.name}, expected ${name}.`);
  for (const [variable, { shape }] of Object.entries(variables)) {
    for (const slot of slots.map((one) => slotName(variable, one))) {
      const found = state.tensors[slot];
      if (!found) throw new Error(`The state of the optimizer ${name} lacks ${slot}.`);
      if (found.shape.join() !== shape.join()) {
        throw new Error(`${slot} has shape [${found.shape.join(', ')}], expected [${shape.join(', ')}].`);
      }
    }
  }
}
