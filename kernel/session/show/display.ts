/** Values → MIME bundles: what a cell's last expression and `display(value)` show. */
import { inspect, types } from 'node:util';
import { takes, type Kind } from '../../autoencoders/arguments';
import { TrainingHistory } from '../../autoencoders/index';
import type { MimeBundle } from '../../protocol';
import { plainBundle } from './plainBundle';
import { tensorWithStatistics, type TensorLike } from './printing/tensorText';
import { ENTITIES, escapeHtml } from './values/escape';
import { figureBundle } from './values/figures';
import { recordsBundle, recordsOf, tableBundle, type Cell } from './values/table';
import { isTree, treeBundle } from './values/tree';

/** Objects with this method say themselves how they are shown; the convention of Deno's Jupyter kernel. */
export const JUPYTER_DISPLAY = Symbol.for('Jupyter.display');

const INSPECTION = { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 };

/** As Node's `inspect` has it; a value that cannot be looked at says so. */
export function inspectValue(value: unknown): string {
  try {
    return inspect(value, INSPECTION);
  } catch {
    // The value's own way of being shown failed.
  }
  try {
    return inspect(value, { ...INSPECTION, customInspect: false });
  } catch (error) {
    return `[a value that cannot be shown: ${reasonOf(error)}]`;
  }
}

/**
 * What a value shows, whatever it throws when it is inspected.
 *
 * @param warn hears why a value's own way of being shown is not taken
 * @returns the bundle, or undefined for a value that shows nothing
 */
export async function bundleOf(value: unknown, warn?: (message: string) => void): Promise<MimeBundle | undefined> {
  if (value === undefined) return undefined;
  try {
    // A proxy may answer anything to anything; Node looks at what stands behind it.
    const special = types.isProxy(value) ? undefined : await specialBundle(value, warn);
    if (special) return special;
  } catch {
    // What throws when it is looked at is none of the kinds that are shown otherwise.
  }
  const text = inspectValue(value);
  try {
    if (isTree(value, text)) return treeBundle(value, text);
  } catch {
    // The text is there whatever else fails.
  }
  return { 'text/plain': text };
}

async function specialBundle(value: unknown, warn?: (message: string) => void): Promise<MimeBundle | undefined> {
  if (hasDisplay(value)) {
    try {
      return checkedBundle(await value[JUPYTER_DISPLAY]());
    } catch (error) {
      warn?.(`The value's Symbol.for('Jupyter.display') method failed: ${reasonOf(error)}`);
      return undefined;
    }
  }
  if (isTensor(value)) return { 'text/plain': await tensorWithStatistics(value) };
  if (value instanceof TrainingHistory) return tableBundle(finalTerms(value));
  const figure = figureBundle(value);
  if (figure) return plainBundle(figure);
  const records = recordsOf(value);
  return records && recordsBundle(records);
}

/** @throws TypeError for what is no bundle, or cannot be sent */
function checkedBundle(bundle: unknown): MimeBundle {
  const isBundle = typeof bundle === 'object' && bundle !== null && !Array.isArray(bundle) && !types.isProxy(bundle);
  if (!isBundle) throw new TypeError(`it returned ${inspectValue(bundle)}, not an object like { 'text/html': '…' }`);
  const plain = plainBundle(bundle);
  if (Object.keys(plain).length === 0) throw new TypeError(`it returned ${inspectValue(bundle)}, which shows nothing`);
  return plain;
}

function reasonOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'it throws something that cannot be shown either';
  }
}

interface Displayable {
  [JUPYTER_DISPLAY](): MimeBundle | Promise<MimeBundle>;
}

function hasDisplay(value: unknown): value is Displayable {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Displayable>)[JUPYTER_DISPLAY] === 'function'
  );
}

function isTensor(value: unknown): value is TensorLike {
  const tensor = value as Partial<TensorLike> | null;
  return (
    typeof value === 'object' &&
    tensor !== null &&
    'dataId' in tensor &&
    Array.isArray(tensor.shape) &&
    typeof tensor.dtype === 'string' &&
    typeof tensor.data === 'function'
  );
}

/** Every term at the end of a training; its curves are shown while it runs. */
function finalTerms({ unit, final: { train, validation } }: TrainingHistory): Record<string, Cell>[] {
  return Object.keys({ ...train, ...validation }).map((term) => ({
    [unit]: term,
    'training, mean over the last epoch': train[term],
    ...(validation && { 'validation, at its end': validation[term] }),
  }));
}

/** What a reader of the HTML sees, without its layout. */
function textOfHtml(source: string): string {
  const characters = new Map(Object.entries(ENTITIES).map(([character, entity]) => [entity, character]));
  return source.replace(/<[^>]*>/g, '').replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => characters.get(entity)!);
}

/**
 * HTML as a value to display: `` html`<b>${name}</b>` `` escapes what is put in, `html(source)` takes a whole text as
 * it is.
 */
export function html(source: TemplateStringsArray | string, ...values: unknown[]): Displayable {
  const strings = partsOf('html', source);
  const text = String.raw({ raw: strings }, ...values.map((value) => escapeHtml(String(value))));
  return { [JUPYTER_DISPLAY]: () => ({ 'text/html': text, 'text/plain': textOfHtml(text) }) };
}

/** Markdown (with formulas) as a value to display: `` markdown`$\\beta = ${beta}$` `` or `markdown(source)`. */
export function markdown(source: TemplateStringsArray | string, ...values: unknown[]): Displayable {
  const strings = partsOf('markdown', source);
  // A formula's backslashes are its own.
  const text = String.raw({ raw: 'raw' in strings ? strings.raw : strings }, ...values.map(String));
  return { [JUPYTER_DISPLAY]: () => ({ 'text/markdown': text, 'text/plain': text }) };
}

/** A formula in LaTeX, without dollars, as a value to display: `` latex`\\beta = ${beta}` `` or `latex(source)`. */
export function latex(source: TemplateStringsArray | string, ...values: unknown[]): Displayable {
  const strings = partsOf('latex', source);
  const text = String.raw({ raw: 'raw' in strings ? strings.raw : strings }, ...values.map(String)).trim();
  // What brings its dollars keeps them.
  const formula = text.startsWith('$') ? text : `$$${text}$$`;
  return { [JUPYTER_DISPLAY]: () => ({ 'text/latex': formula, 'text/plain': text }) };
}

/**
 * A drawing as a value to display: `` svg`<svg …>${text}</svg>` `` escapes what is put in, `svg(source)` takes a whole
 * text as it is.
 */
export function svg(source: TemplateStringsArray | string, ...values: unknown[]): Displayable {
  const strings = partsOf('svg', source);
  const text = String.raw({ raw: strings }, ...values.map((value) => escapeHtml(String(value)))).trim();
  const title = /<title[^>]*>([^<]*)<\/title>/.exec(text)?.[1];
  return { [JUPYTER_DISPLAY]: () => ({ 'image/svg+xml': withNamespace(text), 'text/plain': title ?? 'A drawing' }) };
}

/** What stands alone needs to say that it is SVG; in a page nobody writes it. */
function withNamespace(text: string): string {
  return /<svg[^>]*\sxmlns=/.test(text)
    ? text
    : text.replace(/<svg(?=[\s>])/, '<svg xmlns="http://www.w3.org/2000/svg"');
}

/** The texts of a template between its values; a plain text is one without any. */
function partsOf(tag: string, source: unknown): TemplateStringsArray | readonly string[] {
  takes(tag, ['source', source, templateOrText]);
  return typeof source === 'string' ? [source] : (source as TemplateStringsArray);
}

const templateOrText: Kind = (value) =>
  typeof value === 'string' || Array.isArray(value) ? undefined : 'a template in backticks or a string';
