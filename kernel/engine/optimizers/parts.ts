/** Which rule trains which variable: what the groups of a configuration come to. */
import type { StepInputs } from '../step';
import type { GroupConfig, OptimizerConfig, RuleConfig } from './config';
import { averaged, ruleOf, type Rule } from './rules';

/** Variables that are updated alike. */
export interface Part<V> {
  readonly config: RuleConfig;
  /** With the average of the weights, where that is kept. */
  readonly rule: Rule;
  /** The decay of the average of the weights; undefined: none is kept. */
  readonly averageDecay: number | undefined;
  readonly learningRateScale: number;
  /** The index of the group; −1 for parameters that are in none. */
  readonly group: number;
  /**
   * Parts of one number have one optimizer, whose `clipNorm` is of the gradient over all their variables: groups with
   * their own rule have their own number.
   */
  readonly optimizer: number;
  readonly variables: Readonly<Record<string, V>>;
}

/**
 * The variables by how they are updated, without those that stay as they are. A variable is in the group that its name
 * matches; in none, it has the configuration's own rule.
 *
 * @throws {OptimizerGroupError} when a group has no variable, two have one, or none is left to train
 */
export function partsOf<V>(config: OptimizerConfig, variables: Readonly<Record<string, V>>): Part<V>[] {
  const { groups = [], averageWeights, ...own } = config;
  const names = Object.keys(variables);
  checkClaims(config, names);
  const claims = groups.map(({ parameters }) => claimOf(parameters));
  const groupOf = new Map(names.map((name) => [name, claims.findIndex((claims) => claims(name))]));
  const partOf = (group: number, changes?: GroupConfig): Part<V> => {
    const of = names.filter((name) => groupOf.get(name) === group);
    const rule = ruleConfigOf(own as RuleConfig, changes);
    return {
      config: rule,
      rule: averageWeights ? averaged(ruleOf(rule), averageWeights.decay) : ruleOf(rule),
      averageDecay: averageWeights?.decay,
      learningRateScale: changes?.learningRateScale ?? 1,
      group,
      optimizer: changes?.optimizer ? group : -1,
      variables: Object.fromEntries(of.map((name) => [name, variables[name]!])),
    };
  };
  const grouped = groups.map((group, i) => partOf(i, group));
  grouped.forEach(({ variables: found }, i) => {
    if (Object.keys(found).length === 0) throw withoutVariables(groups[i]!, i, names);
  });
  const rest = partOf(-1);
  const parts = [
    ...(groups.length === 0 || Object.keys(rest.variables).length > 0 ? [rest] : []),
    ...grouped.filter((_, i) => groups[i]!.trainable),
  ];
  if (parts.length > 0) return parts;
  throw new OptimizerGroupError('"optimizer.groups" freezes every parameter, so there is nothing left to train');
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

/**
 * Checks that no two groups claim one of these variables.
 *
 * @throws {OptimizerGroupError} naming both patterns and what they claim
 */
export function checkClaims({ groups = [] }: OptimizerConfig, names: readonly string[]): void {
  const claims = groups.map(({ parameters }) => claimOf(parameters));
  for (const [second, claimed] of claims.entries()) {
    for (const [first, before] of claims.slice(0, second).entries()) {
      const both = names.filter((name) => claimed(name) && before(name));
      if (both.length === 0) continue;
      const [one, other] = [first, second].map((i) => `groups.${i}.parameters, ${shown(groups[i]!)},`);
      throw new OptimizerGroupError(
        `"optimizer.groups": ${one} and ${other} both claim ${listed(both)}; leave a parameter out of one of them, ` +
          `as in ["*.bias", "!discriminator.*"]; the parameters are ${listed(names)}`,
      );
    }
  }
}

/** Whether a name matches one of the patterns, and none of those after a `!`. */
function claimOf(parameters: GroupConfig['parameters']): (name: string) => boolean {
  const patterns = [parameters].flat() as string[];
  const without = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => patternOf(pattern.slice(1)));
  const own = patterns.filter((pattern) => !pattern.startsWith('!')).map(patternOf);
  return (name) => own.some((pattern) => pattern.test(name)) && !without.some((pattern) => pattern.test(name));
}

/** `*` stands for any characters, all others for themselves. */
function patternOf(parameters: string): RegExp {
  const literal = parameters.split('*').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's');
}

/** Names that an error lists. */
const LISTED = 40;

function withoutVariables(group: GroupConfig, index: number, names: readonly string[]): OptimizerGroupError {
  return new OptimizerGroupError(
    `"optimizer.groups.${index}.parameters" is ${shown(group)}, which matches no parameter; the parameters are ` +
      listed(names),
  );
}

const shown = ({ parameters }: GroupConfig) => JSON.stringify(parameters);

function listed(names: readonly string[]): string {
  const more = names.length > LISTED ? `, … (${names.length} in all)` : '';
  return names.slice(0, LISTED).join(', ') + more;
}

/** What a step is given of learning rates: one number for all, or those of groups beside it. */
export type Rates = number | Pick<StepInputs, 'learningRate' | 'groupLearningRates'>;

/** The learning rate of a part. */
export function rateOf({ group, learningRateScale }: Pick<Part<unknown>, 'group' | 'learningRateScale'>, rates: Rates) {
  if (typeof rates === 'number') return rates * learningRateScale;
  return rates.groupLearningRates?.[group] ?? rates.learningRate * learningRateScale;
}
