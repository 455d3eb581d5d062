/** Figures of other libraries that cells write as plain objects. */
import { types } from 'node:util';
import type { MimeBundle } from '../../../protocol';
import { VALUE_MIME } from '../../../views/types';
import { isObject, ownProperty, property, prototypeOf } from '../../variables/safely';

/** Characters of JSON: what every save of the notebook writes again. */
const LARGEST = 10_000_000;

/** Plotly's figures `{ data: […], layout: {…} }` and Vega-Lite's specifications, told by their `$schema`; else undefined. */
export function figureBundle(value: unknown): MimeBundle | undefined {
  if (!isPlain(value)) return undefined;
  return plotlyBundle(value) ?? vegaLiteBundle(value);
}

function plotlyBundle(value: object): MimeBundle | undefined {
  const [data, layout] = [property(value, 'data'), property(value, 'layout')];
  if (!Array.isArray(data) || data.length === 0 || !data.every(isPlain) || !isPlain(layout)) return undefined;
  const kinds = data.map((trace) => String(property(trace, 'type') ?? 'scatter'));
  const title = titleOf(layout);
  const text = `Plotly figure${title ? ` “${title}”` : ''}: ${kinds.join(', ')}`;
  return withinBounds(VALUE_MIME.plotly, { data, layout }, text);
}

function vegaLiteBundle(value: object): MimeBundle | undefined {
  const schema = ownProperty(value, '$schema')?.value as unknown;
  const version = typeof schema === 'string' ? /\/vega-lite\/v(\d+)/.exec(schema)?.[1] : undefined;
  if (version === undefined) return undefined;
  const title = titleOf(value);
  return withinBounds(
    `application/vnd.vegalite.v${version}+json`,
    value,
    `Vega-Lite chart${title ? ` “${title}”` : ''}`,
  );
}

function withinBounds(mime: string, figure: object, text: string): MimeBundle {
  const length = lengthOf(figure);
  if (length <= LARGEST) return { [mime]: figure, 'text/plain': text };
  const size = `${(length / 1e6).toFixed(0)} MB`;
  return { 'text/plain': `${text}. It takes ${size} as JSON and is not shown: the limit is ${LARGEST / 1e6} MB.` };
}

/** About: numbers are taken for ten characters each. */
function lengthOf(value: unknown, within: readonly object[] = []): number {
  if (!isObject(value)) return typeof value === 'string' ? value.length : 10;
  if (types.isTypedArray(value)) return 10 * value.length;
  if (within.includes(value)) return 0;
  const inner = [...within, value];
  return Object.values(value).reduce((sum: number, held) => sum + 5 + lengthOf(held, inner), 0);
}

/** `title: 'a'` and `title: { text: 'a' }`. */
function titleOf(value: object): string | undefined {
  const title = property(value, 'title');
  const text = isObject(title) ? property(title, 'text') : title;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype = prototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
