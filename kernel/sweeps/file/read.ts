/** A sweep file, read and checked. */
import { readFileSync } from 'node:fs';
import { getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import type { z } from 'zod';
import { nearest } from '../../engine/nearest';
import { SWEEP_FORMAT } from '../results';
import { SweepError } from '../sweepError';
import { withGoal } from './goals';
import { sweepFileSchema } from './schema';
import type { SweepFile } from './schema';

/** @throws {SweepError} naming the file, the place in it, what was found and what is allowed */
export function readSweepFile(path: string): SweepFile {
  const text = textOf(path);
  const problems: ParseError[] = [];
  // Comments and a comma behind the last item are what people write in files of settings.
  const tree = parseTree(text, problems, { allowTrailingComma: true });
  const [first] = problems;
  if (first) throw new SweepError(`${path} is not JSON: ${place(text, first.offset)}: ${words(first)}`);
  const twice = tree && fieldTwice(tree, path);
  if (twice) {
    throw new SweepError(
      `${path}: ${place(text, twice.offset)}: "${twice.value}" is there twice; leave one of them out`,
    );
  }
  const value: unknown = tree && getNodeValue(tree);
  refuseOthers(path, value);
  const checked = sweepFileSchema.safeParse(value);
  if (checked.success) {
    const isGiven = Object.hasOwn((value as { stop?: object }).stop ?? {}, 'goal');
    return withGoal(checked.data, isGiven, path);
  }
  throw new SweepError(`${path}: ${checked.error.issues.map((issue) => sentence(issue, value)).join('; ')}`);
}

/** The second of two fields with one name; of them JSON would take the last without a word. */
function fieldTwice({ type, children = [] }: Node, path: string): Node | undefined {
  if (type === 'object') {
    const names = children.map((property) => property.children![0]!);
    const lost = names.find(({ value }) => value === '__proto__');
    if (lost) throw new SweepError(`${path}: no parameter can be called "__proto__"`);
    const twice = names.find(({ value }, i) => names.findIndex((one) => one.value === value) < i);
    if (twice) return twice;
  }
  for (const child of children) {
    const twice = fieldTwice(child, path);
    if (twice) return twice;
  }
  return undefined;
}

/** What is often named by mistake. */
function refuseOthers(path: string, value: unknown): void {
  const { nbformat, format, file } = (value ?? {}) as Record<string, unknown>;
  if (nbformat !== undefined) {
    throw new SweepError(
      `${path} is a notebook; name a sweep file, whose "notebook" is this one. npm run notebook runs it once`,
    );
  }
  if (format === SWEEP_FORMAT) {
    const own = typeof file === 'string' ? file : 'the file that it was begun by';
    throw new SweepError(`${path} is what a sweep has written, in its folder; name its own file: ${own}`);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new SweepError(`${path}: there is no such file`);
    if (code === 'EISDIR') throw new SweepError(`${path} is a folder; name a sweep file (JSON)`);
    throw new SweepError(`${path} cannot be read: ${message}`);
  }
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** `CommaExpected` → `comma expected`. */
function words({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

/** `"seeds": expected a whole number or a list of them, found "five"`. */
function sentence(issue: z.core.$ZodIssue, root: unknown): string {
  const where = issue.path.map(String).join('.');
  const found = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], root);
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const known = Object.keys(sweepFileSchema.shape).filter((one) => one !== '$schema');
    const meant = where === '' ? nearest(key, known) : undefined;
    const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
    const list = where === '' ? `; a sweep file has ${known.join(', ')}` : '';
    return `${where === '' ? 'there is' : `"${where}" has`} no field "${key}"${hint}${list}`;
  }
  if (where === '') return `expected an object with "notebook" and what varies; found ${brief(found)}`;
  return `"${where}": ${expected(issue)}; found ${brief(found)}`;
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `expected ${issue.values.map((one) => JSON.stringify(one)).join(' or ')}`;
  if (issue.code === 'invalid_union') {
    return `expected ${KNOWN_UNIONS[String(issue.path[0])] ?? 'another value'}`;
  }
  if (issue.code === 'invalid_type') return `expected ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_small') {
    const what = issue.origin === 'array' ? 'a list with' : issue.origin === 'string' ? 'a text with' : 'a number,';
    const one = issue.origin === 'array' ? ' value' : issue.origin === 'string' ? ' character' : '';
    const unit = one === '' || issue.minimum === 1 ? one : `${one}s`;
    return `expected ${what} ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unit}`;
  }
  if (issue.code === 'too_big') return `expected at most ${issue.maximum}`;
  return lowerFirst(issue.message.replace(/^Invalid input: /, ''));
}

const KNOWN_UNIONS: Readonly<Record<string, string>> = {
  seeds: 'how many, or a list of whole numbers',
  grid: 'a list of values, or { "from", "to", "count" }',
  random: 'a list, or one of { "uniform": […] }, { "logUniform": […] }, { "integer": […] }, { "normal": […] }',
  metrics: 'a name, or { "name", "goal" }',
};

/** What zod calls them, in words. */
const KINDS: Readonly<Record<string, string>> = {
  ...{ string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false' },
  ...{ array: 'a list', object: 'an object', record: 'an object', tuple: 'a list' },
};

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function brief(value: unknown): string {
  if (value === undefined) return 'nothing';
  const named = (_: string, one: unknown) => (typeof one === 'number' && !Number.isFinite(one) ? String(one) : one);
  const text = JSON.stringify(value, named);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
