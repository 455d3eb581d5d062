/** What feeds what in a model's loss, as its terms are recorded: by the names of its networks, variables and draws. */
import type * as tf from '@tensorflow/tfjs';
import { dataflow, TraceRefusal, type Use } from '../../../engine/index';
import { isLowerLayer } from '../../networks/layeredGaussian';
import type { CheckedCommonConfig } from '../../models/commonConfig';
import type { Model } from '../../models/model';
import type { Terms } from '../../objectives/terms';
import { valuesOf } from '../../objectives/terms';

export type AnyModel = Model<CheckedCommonConfig>;

/** A value that reaches a part. */
export interface Flow {
  /** The name of a network, of a group of variables, or of a term. */
  readonly to: string;
  readonly isTerm: boolean;
  readonly from: ReadonlySet<string>;
  /** Without the batch. */
  readonly shape: readonly number[];
}

/** Names that stand for one of several levels, not for a network of layers. */
const LEVELS = new Set(['top', 'middle', 'bottom']);
/** So many parts of one name and a number are drawn as one. */
const ALIKE = 4;
const ROWS = 2;

export interface Flows {
  readonly flows: readonly Flow[];
  /** The names of all parts before those alike were put together. */
  readonly known: ReadonlySet<string>;
  /** Why there are none: the loss cannot be recorded. */
  readonly refusal?: string;
}

export function flowsOf(model: AnyModel): Flows {
  try {
    const variables = { ...model.parameters, ...model.state };
    const all = dataflow((given) => valuesOf(model.terms({ ...given } as never) as Terms), {
      arguments: model.inputTypes(ROWS),
      variables,
      groupOf: (variable) => {
        const group = groupOf(variable, model);
        return isLowerLayer(variable, Object.keys(variables)) ? `${group}${LOWER}` : group;
      },
      ends: reportedTerms(model),
    });
    const uses = withoutLowerLayers(all, reportedTerms(model));
    const known = new Set(uses.flatMap(({ to, from }) => [to, ...from]).map(({ name }) => name));
    const flows = uses.map(({ to, from, shape }): Flow => {
      const isTerm = to.kind === 'result';
      const name = (one: string) => merged(one, known);
      return {
        to: isTerm ? to.name : name(to.name),
        isTerm,
        from: new Set(from.map((node) => name(node.name))),
        shape: shape[0] !== undefined && shape[0] % ROWS === 0 ? shape.slice(1) : [],
      };
    });
    return { flows, known };
  } catch (error) {
    if (!(error instanceof TraceRefusal)) throw error;
    return { flows: [], known: new Set(), refusal: error.explanation };
  }
}

/** Marks what the lower layers of a state feed and are fed with: they see what the top one sees, and the layers above. */
const LOWER = ' lower layers';

/**
 * The uses of parts as a whole: what a state's lower layers are given beside the context is its own business, and a term
 * that is reported alone is no part of another one.
 */
function withoutLowerLayers(uses: readonly Use[], reported: ReadonlySet<string>): Use[] {
  return uses
    .filter(({ to }) => !to.name.endsWith(LOWER))
    .map((use) => ({
      ...use,
      from: use.from
        .filter(({ kind, name }) => kind !== 'result' || !reported.has(name))
        .map((node) => ({ ...node, name: node.name.replace(LOWER, '') })),
    }));
}

/** Terms that no gradient comes from, such as a weight that another term has. */
function reportedTerms({ termWeights }: AnyModel): ReadonlySet<string> {
  return new Set(
    Object.entries(termWeights)
      .filter(([, { symbol, schedule }]) => symbol === '' && schedule === 0)
      .map(([name]) => name),
  );
}

/** `encoder` of `encoder.0.kernel`, `prior.1` of `prior.1.0.bias`: layers are counted from 0, levels from 1. */
export function groupOf(variable: string, { networksIn, parameters, state }: AnyModel): string {
  const network = networksIn.find(({ name }) => variable.startsWith(`${name}.`));
  if (network) return network.name;
  const [first = variable, second] = variable.split('.');
  if (second === undefined) return first;
  const siblings = Object.keys({ ...parameters, ...state }).filter((name) => name.startsWith(`${first}.`));
  const areLevels = siblings.every((name) => /^[^.]+\.[1-9]\d*\.(\d+\.)*[^.]+$/.test(name));
  return areLevels || LEVELS.has(first) ? `${first}.${second}` : first;
}

/** `layer 0 … 7` in place of `layer3`, where there are many. */
export function merged(name: string, known: ReadonlySet<string>): string {
  const [, stem] = /^(.*?)\.?\d+$/.exec(name) ?? [];
  if (stem === undefined || stem === '') return name;
  const alike = [...known].filter((other) => /^(.*?)\.?\d+$/.exec(other)?.[1] === stem);
  return alike.length >= ALIKE ? `${alike.length} × ${stem}` : name;
}

/** The variables of a group, or of all groups that are drawn as one. */
export function variablesOf(name: string, model: AnyModel, known: ReadonlySet<string>): Record<string, tf.Variable> {
  const all = Object.entries({ ...model.parameters, ...model.state });
  return Object.fromEntries(
    all.filter(([variable]) => {
      const group = groupOf(variable, model);
      return group === name || variable.startsWith(`${name}.`) || merged(group, known) === name;
    }),
  );
}
