/**
 * What JSON has to look like to be a view. The names are zod's, and so is the use; zod itself would be a seventh of all
 * code that a first frame waits for, and copies what it reads: these look and hand on.
 */

/** What is wrong, and where: the keys that lead there from the outside. */
export interface Problem {
  path: (string | number)[];
  message: string;
}

export class Schema<out T> {
  /** The type of what fits; there is no such value. */
  declare readonly of?: T;

  /** @param problem says what is wrong with a value; undefined: nothing is, and it is a `T` */
  constructor(
    readonly problem: (value: unknown) => Problem | undefined,
    readonly isOptional = false,
  ) {}

  /** The same, and these besides. */
  check(...tests: ((value: unknown) => string | undefined)[]): Schema<T> {
    return new Schema((value) => {
      const wrong = this.problem(value);
      if (wrong) return wrong;
      const message = tests.map((test) => test(value)).find((one) => one !== undefined);
      return message === undefined ? undefined : { path: [], message };
    });
  }
}

/** What an optional key has. */
export class OptionalSchema<out T> extends Schema<T | undefined> {
  declare readonly optional: true;
}

type Fields = Record<string, Schema<unknown>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends OptionalSchema<unknown> ? K : never }[keyof F];
type Of<S> = S extends Schema<infer T> ? T : never;
type ObjectOf<F extends Fields> = { [K in Exclude<keyof F, OptionalKeys<F>>]: Of<F[K]> } & {
  [K in OptionalKeys<F>]?: Of<F[K]>;
};

/** @returns what is wrong with a value, or undefined */
const expect = (expected: string, value: unknown): Problem => ({
  path: [],
  message: `expected ${expected}, found ${found(value)}`,
});

function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(value)?.slice(0, 40) ?? typeof value;
}

const within = (key: string | number, problem: Problem | undefined): Problem | undefined =>
  problem && { ...problem, path: [key, ...problem.path] };

/** The first problem among the parts of a value. */
function first<K extends string | number>(keys: Iterable<K>, problem: (key: K) => Problem | undefined) {
  for (const key of keys) {
    const wrong = problem(key);
    if (wrong) return within(key, wrong);
  }
  return undefined;
}

const simple = <T>(expected: string, is: (value: unknown) => boolean) =>
  new Schema<T>((value) => (is(value) ? undefined : expect(expected, value)));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const string = () => simple<string>('a text', (value) => typeof value === 'string');
export const number = () => simple<number>('a number', Number.isFinite);
export const int = () => simple<number>('a whole number', Number.isSafeInteger);
export const boolean = () => simple<boolean>('true or false', (value) => typeof value === 'boolean');
export const unknown = () => simple<unknown>('anything', () => true);
const nothing = () => simple<null>('null', (value) => value === null);
export { nothing as null };

export const literal = <const T extends string | number>(one: T) =>
  simple<T>(JSON.stringify(one), (value) => value === one);

const oneOf = <const T extends readonly string[]>(names: T) =>
  simple<T[number]>(`one of ${names.map((name) => JSON.stringify(name)).join(', ')}`, (value) =>
    names.includes(value as string),
  );
export { oneOf as enum };

export const minimum = (least: number) => (value: unknown) =>
  (value as number) >= least ? undefined : `expected ${least} or more, found ${found(value)}`;
export const positive = () => (value: unknown) =>
  (value as number) > 0 ? undefined : `expected more than 0, found ${found(value)}`;
export const minLength = (least: number) => (value: unknown) =>
  (value as unknown[]).length >= least ? undefined : `expected ${least} or more of them`;

export const optional = <T>(schema: Schema<T>): OptionalSchema<T> =>
  new OptionalSchema((value) => (value === undefined ? undefined : schema.problem(value)), true);

export const nullable = <T>(schema: Schema<T>) =>
  new Schema<T | null>((value) => (value === null ? undefined : schema.problem(value)));

export const array = <T>(schema: Schema<T>) =>
  new Schema<T[]>((value) =>
    Array.isArray(value) ? first(value.keys(), (i) => schema.problem(value[i])) : expect('a list', value),
  );

export const tuple = <const S extends readonly Schema<unknown>[]>(schemas: S) =>
  new Schema<{ -readonly [K in keyof S]: Of<S[K]> }>((value) =>
    Array.isArray(value) && value.length === schemas.length
      ? first(schemas.keys(), (i) => schemas[i]!.problem(value[i]))
      : expect(`a list of ${schemas.length}`, value),
  );

export const record = <T>(keys: Schema<string>, values: Schema<T>) =>
  new Schema<Record<string, T>>((value) =>
    isObject(value)
      ? first(Object.keys(value), (key) => keys.problem(key) ?? values.problem(value[key]))
      : expect('an object', value),
  );

export const object = <F extends Fields>(fields: F) => {
  const keys = Object.keys(fields);
  return new Schema<ObjectOf<F>>((value) =>
    isObject(value)
      ? first(keys, (key) => fields[key]!.problem(Object.hasOwn(value, key) ? value[key] : undefined))
      : expect('an object', value),
  );
};

/** The problem of the one that came farthest says most. */
export const union = <const S extends readonly Schema<unknown>[]>(schemas: S) =>
  new Schema<Of<S[number]>>((value) => {
    const problems: Problem[] = [];
    for (const schema of schemas) {
      const wrong = schema.problem(value);
      if (!wrong) return undefined;
      problems.push(wrong);
    }
    return problems.sort((a, b) => b.path.length - a.path.length)[0];
  });

export const lazy = <T>(schema: () => Schema<T>) => new Schema<T>((value) => schema().problem(value));
