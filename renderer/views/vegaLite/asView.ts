/** A specification of Vega-Lite with what the JSON of every view has. */
import { VIEW_VERSION } from '../../../kernel/views/types';
import { counted } from '../../numbers';
import { titleText } from '../../titles';

type Part = Record<string, unknown>;

/** @throws Error for what is no specification */
export function asView(json: unknown): unknown {
  if (!isPart(json)) throw new Error('it is not a Vega-Lite specification');
  const title = titleText(json['title']) ?? 'Chart';
  const described = titleText(json['description']);
  return { version: VIEW_VERSION, id: 'vega-lite', title, summary: described ?? summaryOf(json), spec: json };
}

/** `Vega-Lite chart: line; x: step, y: mean of loss, color: run`. */
function summaryOf(spec: Part): string {
  const parts = ['layer', 'hconcat', 'vconcat', 'concat'].flatMap((key) => (Array.isArray(spec[key]) ? [key] : []));
  const inner = isPart(spec['spec']) ? spec['spec'] : spec;
  const words = parts.map((key) => counted((spec[key] as unknown[]).length, key === 'layer' ? 'layer' : 'chart'));
  const mark = isPart(inner['mark']) ? inner['mark']['type'] : inner['mark'];
  if (typeof mark === 'string') words.push(mark);
  const encoding = isPart(inner['encoding']) ? inner['encoding'] : {};
  const channels = Object.entries(encoding).flatMap(([channel, one]) => {
    const field = isPart(one) ? fieldOf(one) : undefined;
    return field === undefined ? [] : [`${channel}: ${field}`];
  });
  return `Vega-Lite chart: ${[words.join(', '), channels.join(', ')].filter(Boolean).join('; ')}`;
}

function fieldOf({ field, aggregate }: Part): string | undefined {
  if (typeof aggregate !== 'string') return typeof field === 'string' ? field : undefined;
  return typeof field === 'string' ? `${aggregate} of ${field}` : aggregate;
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
