/** Checks of plain-data configurations: an error names the field, what was given and what is allowed. */
import { z } from 'zod';
import { meant, nearest } from '../engine/index';

/**
 * @param what what is configured, as the message names it: `VAE`, `fit`
 * @throws {ConfigurationError} naming every field that is wrong
 */
export function checkedConfig<S extends z.ZodType>(what: string, schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new ConfigurationError(
    what,
    result.error.issues.map((issue) => sentence(issue, schema, given)),
  );
}

/**
 * Options that are not what a model or part takes: each problem names the field, what was given and what is allowed.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    what: string,
    /** One for each field that is wrong. */
    readonly problems: string[],
  ) {
    super(`${what}: ${problems.join('; ')}.`);
  }
}

type Issue = z.core.$ZodIssue;

function sentence(issue: Issue, schema: z.ZodType, given: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const allowed = fieldsAt(schema, issue.path);
    const near = issue.keys.flatMap((key) => nearest(key, allowed) ?? []).map((name) => `"${name}"`);
    const suggestion = near.length > 0 ? `; did you mean ${near.join(', ')}?` : '';
    const hint = allowed.length > 0 ? ` (allowed: ${allowed.join(', ')}${suggestion})` : '';
    return `unknown field ${issue.keys.map((key) => `"${[...issue.path, key].join('.')}"`).join(', ')}${hint}`;
  }
  const field = issue.path.length > 0 ? `"${issue.path.join('.')}"` : 'the configuration';
  const value = valueAt(given, issue.path);
  const found = value === undefined ? 'is missing' : `is ${shown(value)}`;
  const hint = issue.code === 'invalid_value' ? meant(value, issue.values) : '';
  const fields = issue.code === 'invalid_type' && issue.expected === 'object' ? fieldsAt(schema, issue.path) : [];
  const withFields = fields.length > 0 ? ` with ${fields.join(', ')}` : '';
  return `${field} ${found}${hint}, ${allowed(issue)}${withFields}`;
}

/** The fields of the object at a path; none where it is no object, or one of several kinds. */
function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const at = path.reduce<unknown>((one, key) => {
    const inside = unwrapped(one);
    if (inside instanceof z.ZodObject) return (inside.shape as Record<PropertyKey, unknown>)[key];
    return inside instanceof z.ZodArray ? inside.element : undefined;
  }, schema);
  const inside = unwrapped(at);
  return inside instanceof z.ZodObject ? Object.keys(inside.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isWrapped ? unwrapped(schema.unwrap()) : schema;
}

function valueAt(given: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], given);
}

function allowed(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `allowed: ${issue.values.map((value) => shown(value)).join(', ')}`;
    case 'too_small':
      return `allowed: ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${counted(issue.origin)}`;
    case 'too_big':
      return `allowed: ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${counted(issue.origin)}`;
    case 'invalid_type':
      return `expected ${issue.expected === 'int' ? 'a whole number' : article(issue.expected)}`;
    case 'custom':
      // A part's error is a sentence already.
      return issue.message.replace(/\.$/, '');
    case 'invalid_union':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return issue.message;
  }
}

function counted(origin: string): string {
  return origin === 'array' ? ' entries' : '';
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
