/** What runtimes do alike with the state of an optimizer. */
import type { OptimizerState } from '../step';
import type { OptimizerName } from './config';
import type { Part } from './parts';

/** What has a shape: a variable. */
export interface Shaped {
  readonly shape: readonly number[];
}

/** `slotName('encoder.0.bias', 'm')` is `encoder.0.bias/m`. */
export function slotName(variable: string, slot: string): string {
  return `${variable}/${slot}`;
}

/** @throws when the state is another rule's, or lacks a slot, or has one of another shape */
export function checkState(state: OptimizerState, name: OptimizerName, parts: readonly Part<Shaped>[]): void {
  if (state.name !== name) throw new Error(`The state is that of the optimizer ${state.name}, expected ${name}.`);
  for (const { name: slot, shape, config } of slotsOf(parts)) {
    const found = state.tensors[slot];
    if (!found) throw new Error(`The state of the optimizer ${config.name} lacks ${slot}.`);
    if (found.shape.join() !== shape.join()) {
      throw new Error(`${slot} has shape [${found.shape.join(', ')}], expected [${shape.join(', ')}].`);
    }
  }
}

/** Every slot of every variable. */
export function slotsOf(parts: readonly Part<Shaped>[]) {
  return parts.flatMap(({ rule, config, variables }) =>
    Object.entries(variables).flatMap(([variable, { shape }]) =>
      rule.slots.map((slot) => ({ name: slotName(variable, slot), shape, config })),
    ),
  );
}
