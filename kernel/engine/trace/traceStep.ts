import * as tf from '@tensorflow/tfjs';
import { clipsOf } from '../optimizers/clipping';
import { partsOf, trainedOf, type Part } from '../optimizers/parts';
import { slotName, slotsOf } from '../optimizers/state';
import type { StepDefinition, StepInputs } from '../step';
import { differentiated, normOf, squaredNorm, weightedTotal } from '../terms';
import { pruned, type Dtype, type Program, type TensorType } from './program';
import { TraceRefusal } from './refusal';
import { trace } from './tracer';

type Tensors = Record<string, tf.Tensor>;

/** A training step as a program: from batch, noise and weights to losses, gradients and new state. */
export interface TracedStep {
  /**
   * Inputs: `tensor/<name>`, `weight/<term>` (scalars) and the variables by their names in the definition. Outputs:
   * `loss/<term>`, `loss/total`, `gradient/<variable>` and `update/<state>`.
   */
  readonly program: Program;
  /** The terms in their order, without `total`. */
  readonly terms: readonly string[];
  readonly updates: readonly string[];
  /** All of the definition's, also those that have no gradient here. */
  readonly trainable: readonly string[];
}

/**
 * Traces the step for batches of these shapes; the values of tensors and weights do not matter.
 *
 * @param places whether operations are to know their places in the source
 * @throws {TraceRefusal} with the reason
 */
export function traceStep(definition: StepDefinition, inputs: StepInputs, places = false): TracedStep {
  let found = { terms: [] as string[], updates: [] as string[] };
  const program = trace(
    (given) => {
      const { losses, total, gradients, updates } = differentiate(definition, inputs, given);
      found = { terms: Object.keys(losses), updates: Object.keys(updates) };
      return {
        ...prefixed('loss/', { ...losses, total }),
        ...prefixed('gradient/', gradients),
        ...prefixed('update/', updates),
      };
    },
    { arguments: typesGiven(inputs), variables: variablesOf(definition), places },
  );
  return { program: pruned(program), ...found, trainable: Object.keys(trainedIn(definition)) };
}

/** A training step with its optimizer, as a program: what changes is an input and, with its new value, an output. */
export interface TracedUpdate extends TracedStep {
  /**
   * Inputs beside those of {@link TracedStep}: `scalar/<part>/<name>` of the optimizer's rules, by the index of the part
   * that they belong to, and `slot/<variable>/<slot>`; where it is a batch of several, also `scalar/share` and
   * `sum/<variable>`, the gradients of those before it. Outputs: `loss/<term>`, `loss/total`, `gradientNorm`, and
   * `next/<…>` for every name in {@link carried}.
   */
  readonly program: Program;
  /**
   * What a step hands on to the next: trained variables, `slot/…`, and states, with their types; a batch that makes no
   * update hands on `sum/…` and states alone.
   */
  readonly carried: Readonly<Record<string, TensorType>>;
}

/** An update by one batch, or one of the batches of an update: the last makes it. */
export type UpdateRole = 'whole' | 'gathering' | 'last';

/**
 * @param places whether operations are to know their places in the source
 * @throws {TraceRefusal} with the reason
 */
export function traceUpdate(
  definition: StepDefinition,
  inputs: StepInputs,
  role: UpdateRole = 'whole',
  places = false,
): TracedUpdate {
  const parts = partsOf(definition.optimizer, definition.trainable);
  const trainable = trainedIn(definition);
  const slots: Record<string, TensorType> = {};
  for (const { name, shape } of slotsOf(parts)) slots[`slot/${name}`] = { shape, dtype: 'float32' };
  const trained = mapped(trainable, (variable, name) => typeOf(name, variable));
  const sums = role === 'whole' ? {} : prefixed('sum/', trained);
  const scalars = parts.flatMap(({ rule }, i) => Object.keys(rule.scalars(1, 0)).map((scalar) => `${i}/${scalar}`));
  let found = { terms: [] as string[], updates: [] as string[] };
  const program = trace(
    (given) => {
      const { losses, total, updates, ...own } = differentiate(definition, inputs, given);
      found = { terms: Object.keys(losses), updates: Object.keys(updates) };
      const gradients = role === 'whole' ? own.gradients : added(own.gradients, Object.keys(trainable), given);
      // The norm whose square may be out of range takes another pass over all gradients: it is for those that need it.
      const clips = parts.some(({ config }) => config.clipNorm !== undefined);
      const gradientNorm = clips ? normOf(Object.values(gradients)) : squaredNorm(Object.values(gradients)).sqrt();
      const next =
        role === 'gathering' ? prefixed('sum/', gradients) : updatedBy(parts, gradients, gradientNorm, given);
      return {
        ...prefixed('loss/', { ...losses, total }),
        gradientNorm,
        ...prefixed('next/', { ...updates, ...next }),
      };
    },
    {
      arguments: {
        ...typesGiven(inputs),
        ...prefixed('scalar/', scalarTypes(['share', ...scalars])),
        ...slots,
        ...sums,
      },
      variables: variablesOf(definition),
      places,
    },
  );
  const states = Object.fromEntries(found.updates.map((name) => [name, typeOf(name, definition.state[name]!)]));
  return {
    program: pruned(program),
    ...found,
    trainable: Object.keys(trainable),
    carried: role === 'gathering' ? { ...sums, ...states } : { ...trained, ...slots, ...states },
  };
}

/** The batch's gradients, times its share, and those before it. */
function added(gradients: Tensors, names: readonly string[], given: Tensors): Tensors {
  const sum = (name: string) => {
    const [own, before] = [gradients[name], given[`sum/${name}`]!];
    return own ? before.add(own.mul(given['scalar/share']!)) : before.clone();
  };
  return Object.fromEntries(names.map((name) => [name, sum(name)]));
}

/** New weights by their names and new slots as `slot/…`. */
function updatedBy(
  parts: readonly Part<tf.Variable>[],
  gradients: Tensors,
  gradientNorm: tf.Tensor,
  given: Tensors,
): Tensors {
  const clips = clipsOf(parts, gradients, gradientNorm);
  const next: Tensors = {};
  for (const [i, { rule, optimizer, variables }] of parts.entries()) {
    const clip = clips.get(optimizer)!;
    const scalars = Object.keys(rule.scalars(1, 0));
    const numbers = Object.fromEntries(scalars.map((scalar) => [scalar, given[`scalar/${i}/${scalar}`]!]));
    for (const [name, w] of Object.entries(variables)) {
      const own = Object.fromEntries(rule.slots.map((slot) => [slot, given[`slot/${slotName(name, slot)}`]!]));
      const g = gradients[name] ?? tf.zerosLike(w);
      const updated = rule.update(w, clip === 1 ? g : g.mul(clip), own, numbers);
      next[name] = updated.w;
      for (const slot of rule.slots) next[`slot/${slotName(name, slot)}`] = updated.slots[slot]!;
    }
  }
  return next;
}

function trainedIn({ optimizer, trainable }: StepDefinition): Record<string, tf.Variable> {
  return trainedOf(optimizer, trainable);
}

/** The loss and its gradients by tfjs's tape, of placeholders; the tensors are kept, for the tape's scope would free them. */
function differentiate(definition: StepDefinition, inputs: StepInputs, given: Tensors) {
  const { terms } = definition;
  const trainable = trainedIn(definition);
  let losses: Tensors = {};
  let updates: Tensors = {};
  const { value: total, grads } = differentiated(() => {
    const result = terms(unprefixed('tensor/', Object.keys(inputs.tensors), given));
    losses = kept(result.losses);
    updates = kept(result.updates ?? {});
    return weightedTotal(losses, unprefixed('weight/', Object.keys(inputs.weights), given));
  }, Object.values(trainable));
  const gradients: Tensors = {};
  for (const [name, variable] of Object.entries(trainable)) {
    const gradient = grads[variable.name];
    if (gradient) gradients[name] = gradient;
  }
  return { losses, total, gradients, updates };
}

function kept(tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.keep(tensor.clone())]));
}

function variablesOf({ trainable, state }: StepDefinition): Record<string, tf.Variable> {
  return { ...state, ...trainable };
}

function mapped<T, U>(values: Readonly<Record<string, T>>, f: (value: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, f(value, name)]));
}

function prefixed<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

function unprefixed(prefix: string, names: readonly string[], given: Tensors): Tensors {
  return Object.fromEntries(names.map((name) => [name, given[prefix + name]!]));
}

function scalarTypes(names: readonly string[]): Record<string, TensorType> {
  return Object.fromEntries(names.map((name) => [name, { shape: [], dtype: 'float32' }]));
}

function typesGiven({ tensors, weights }: StepInputs): Record<string, TensorType> {
  const types = Object.entries(tensors).map(([name, tensor]) => [name, typeOf(name, tensor)] as const);
  return {
    ...prefixed('tensor/', Object.fromEntries(types)),
    ...prefixed('weight/', scalarTypes(Object.keys(weights))),
  };
}

function typeOf(name: string, { shape, dtype }: tf.Tensor): TensorType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return { shape, dtype: dtype satisfies Dtype };
  throw new TraceRefusal(`its input ${name} is of type ${dtype}, which has no traced form`);
}
