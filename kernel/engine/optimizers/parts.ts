/** Which rule trains which variable: what the groups of a configuration come to. */
import type { GroupConfig, OptimizerConfig, RuleConfig } from './config';
import { averaged, ruleOf, type Rule } from './rules';

/** Variables that are updated alike. */
export interface Part<V> {
  readonly config: RuleConfig;
  /** With the average of the weights, where that is kept. */
  readonly rule: Rule;
  /** Of the average of the weights; undefined: none is kept. */
  readonly averageDecay: number | undefined;
  readonly learningRateScale: number;
  /**
   * Parts of one number have one optimizer, whose `clipNorm` is of the gradient over all their variables: groups with a
   * rule of their own have a number of their own.
   */
  readonly optimizer: number;
  readonly variables: Readonly<Record<string, V>>;
}

/**
 * The variables by how they are updated, without those that stay as they are. A variable is in the first group that its
 * name matches; in none, it has the configuration's own rule.
 *
 * @throws {OptimizerGroupError} when a group has no variable, or none is left to train
 */
export function partsOf<V>(config: OptimizerConfig, variables: Readonly<Record<string, V>>): Part<V>[] {
  const { groups = [], averageWeights, ...own } = config;
  const names = Object.keys(variables);
  const patterns = groups.map(({ parameters }) => patternOf(parameters));
  const groupOf = new Map(names.map((name) => [name, patterns.findIndex((pattern) => pattern.test(name))]));
  const partOf = (group: number, changes?: GroupConfig): Part<V> => {
    const of = names.filter((name) => groupOf.get(name) === group);
    const rule = ruleConfigOf(own as RuleConfig, changes);
    return {
      config: rule,
      rule: averageWeights ? averaged(ruleOf(rule), averageWeights.decay) : ruleOf(rule),
      averageDecay: averageWeights?.decay,
      learningRateScale: changes?.learningRateScale ?? 1,
      optimizer: changes?.optimizer ? group : -1,
      variables: Object.fromEntries(of.map((name) => [name, variables[name]!])),
    };
  };
  const grouped = groups.map((group, i) => partOf(i, group));
  grouped.forEach(({ variables: found }, i) => {
    if (Object.keys(found).length === 0) throw withoutVariables(groups[i]!, i, patterns[i]!, names);
  });
  const rest = partOf(-1);
  const parts = [
    ...(groups.length === 0 || Object.keys(rest.variables).length > 0 ? [rest] : []),
    ...grouped.filter((_, i) => groups[i]!.trainable),
  ];
  if (parts.length > 0) return parts;
  throw new OptimizerGroupError('"optimizer.groups" freeze every parameter, and nothing is left to train');
}

/** The variables that are trained, of those that a step may train. */
export function trainedOf<V>(config: OptimizerConfig, variables: Readonly<Record<string, V>>): Record<string, V> {
  const frozen = new Set(Object.keys(variables));
  for (const part of partsOf(config, variables)) for (const name of Object.keys(part.variables)) frozen.delete(name);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !frozen.has(name)));
}

/** Groups of an optimizer do not fit the model's parameters. */
export class OptimizerGroupError extends Error {
  override readonly name = 'OptimizerGroupError';

  /** @param problem without a full stop */
  constructor(readonly problem: string) {
    super(`${problem}.`);
  }
}

function ruleConfigOf(own: RuleConfig, group?: GroupConfig): RuleConfig {
  const rule = group?.optimizer ?? own;
  return group?.weightDecay === undefined ? rule : ({ ...rule, weightDecay: group.weightDecay } as RuleConfig);
}

/** `*` stands for any characters, all others for themselves. */
function patternOf(parameters: string): RegExp {
  const literal = parameters.split('*').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's');
}

/** Names that an error lists. */
const LISTED = 40;

function withoutVariables(
  { parameters }: GroupConfig,
  index: number,
  pattern: RegExp,
  names: readonly string[],
): OptimizerGroupError {
  const found = `"optimizer.groups.${index}.parameters" is ${JSON.stringify(parameters)}, which`;
  if (names.some((name) => pattern.test(name))) {
    return new OptimizerGroupError(
      `${found} matches only parameters that groups before it have taken: the first that matches counts; ` +
        'put it before them, or leave it out',
    );
  }
  const more = names.length > LISTED ? `, … (${names.length} in all)` : '';
  return new OptimizerGroupError(
    `${found} matches no parameter; the parameters are ${names.slice(0, LISTED).join(', ')}${more}`,
  );
}
