/**
 * The parts that models are composed of: networks, posteriors, priors, likelihoods and objectives, each a name, options
 * and what they define. A part is plain data where a configuration is saved, `{ name, …options }`, and is made anew
 * from that by its name; parts of your own are defined by name for that reason.
 */
import { z } from 'zod';
import { meant } from '../../engine/index';
import { checkedConfig, ConfigurationError } from '../config';
import type { Result } from './returned';

/** The schema of parts that have no options: every field is unknown. */
export const noOptions = z.strictObject({});

/** A part as a configuration holds it. */
export class Part<Definition, Options extends object = object> {
  constructor(
    /** What it is: `network`, `posterior`, `prior`, `likelihood`, `objective`. */
    readonly room: string,
    /** The name that it was defined by; null for one that has none and so cannot be saved. */
    readonly name: string | null,
    readonly options: Readonly<Options>,
    readonly definition: Definition,
  ) {}

  /** Plain data: `{ name: 'mlp', hidden: [400, 200] }`. */
  toJSON(): object {
    return { name: this.name, ...this.options };
  }
}

/** Makes a part; options that are left out have their defaults. */
export type PartFactory<Definition, Options extends object> = (options?: Options) => Part<Definition, Options>;

/** A part, its name with options, or the name of one of the library's; parts of your own are made by their function. */
export type PartLike<P, Names extends string> = P | { name: string } | Names;

/** All parts of one kind, by name. */
export interface Room<Definition> {
  /**
   * Defines a part by name; a cell that runs again defines it anew.
   *
   * @param make what the part is with these options, which must be plain data for a checkpoint to hold them
   * @param schema checks the options and fills in their defaults; without it `make` gets them as they are given
   */
  define<Options extends object = object, Checked extends object = Options>(
    name: string,
    make: (options: Checked) => Definition,
    schema?: z.ZodType,
  ): PartFactory<Definition, Options>;
  /** The same for cells: what `make` and the functions of the definition give is checked. */
  defineOwn: Room<Definition>['define'];
  /** The part of a configuration: itself, its name, or its name with options. @throws {ConfigurationError} */
  resolve(given: unknown): Part<Definition>;
  /** The field of a configuration: see {@link resolve}. */
  schema(): z.ZodType<Part<Definition>>;
}

/**
 * @param defining the function that defines such a part in a cell, for messages: `definePrior`
 * @param contract what a definition has to be, for those that cells make
 */
export function room<Definition>(kind: string, defining: string, contract?: Result): Room<Definition> {
  const known = new Map<string, (options: object) => Part<Definition>>();

  function define<Options extends object, Checked extends object = Options>(
    name: string,
    make: (options: Checked) => Definition,
    schema?: z.ZodType,
  ): PartFactory<Definition, Options> {
    if (typeof name !== 'string' || name === '' || typeof make !== 'function') {
      throw new TypeError(
        `${defining} takes a name and a function of options: ${defining}('mine', (options) => ({ … })).`,
      );
    }
    const create: PartFactory<Definition, Options> = (options) => {
      const given: object = options ?? {};
      const checked = (schema ? checkedConfig(name, schema, given) : given) as Checked;
      return new Part(kind, name, checked as unknown as Options, make(checked));
    };
    known.set(name, create as (options: object) => Part<Definition>);
    return create;
  }

  const defineOwn: Room<Definition>['define'] = <Options extends object, Checked extends object>(
    name: string,
    make: (options: Checked) => Definition,
    schema?: z.ZodType,
  ) => {
    const checked =
      typeof make === 'function' && contract
        ? (options: Checked) => contract(`The ${kind} "${name}"`, make(options)) as Definition
        : make;
    return define<Options, Checked>(name, checked, schema);
  };

  function resolve(given: unknown): Part<Definition> {
    if (given instanceof Part) {
      if (given.room === kind) return given as Part<Definition>;
      throw new TypeError(`expected a ${kind}, found the ${given.room} ${given.name ?? 'without a name'}`);
    }
    const { name, ...options } = typeof given === 'string' ? { name: given } : ((given ?? {}) as { name?: unknown });
    if (typeof name !== 'string') throw new TypeError(`expected a ${kind}, its name, or { name, …options }`);
    const create = known.get(name);
    if (create) return create(options);
    throw new TypeError(
      `there is no ${kind} of this name${meant(name, [...known.keys()])} (${known.size === 0 ? 'none is defined' : `there are ${[...known.keys()].join(', ')}`}); define your own with ` +
        `${defining}('${name}', …), in a cell that you run first`,
    );
  }

  const schema = () =>
    z.unknown().transform((given, context): Part<Definition> => {
      try {
        return resolve(given);
      } catch (error) {
        if (!(error instanceof TypeError || error instanceof ConfigurationError)) throw error;
        context.issues.push({ code: 'custom', input: given, message: error.message });
        return z.NEVER;
      }
    }) as unknown as z.ZodType<Part<Definition>>;

  return { define, defineOwn, resolve, schema };
}

/**
 * A configuration as a checkpoint holds it: JSON.
 *
 * @throws {ConfigurationError} naming what in it is no plain data: a function, or a part without a name
 */
export function plainConfiguration(owner: string, config: object): Record<string, unknown> {
  const problems: string[] = [];
  const plain = plainValue(config, '', problems);
  if (problems.length > 0) throw new ConfigurationError(owner, problems);
  return plain as Record<string, unknown>;
}

function plainValue(value: unknown, path: string, problems: string[]): unknown {
  if (value instanceof Part) {
    if (value.name !== null) return plainValue(value.toJSON(), path, problems);
    problems.push(
      `"${path}" is a ${value.room} without a name, which a checkpoint cannot store; define it with a name: ` +
        `define${capitalized(value.room)}('mine', …)`,
    );
    return undefined;
  }
  if (typeof value === 'function') {
    problems.push(`"${path}" is a function, which a checkpoint cannot store; define the part that uses it with a name`);
    return undefined;
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item, i) => plainValue(item, `${path}.${i}`, problems));
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    plainValue(item, path === '' ? key : `${path}.${key}`, problems),
  ]);
  return Object.fromEntries(entries);
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
