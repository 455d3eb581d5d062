/** Variables in the words of lists, tooltips and screen readers. */
import * as vscode from 'vscode';
import { bytesText } from '../../kernel/memoryWords';
import type { Sparkline, Statistics, Thumbnail, Variable } from '../../kernel/protocol';

const { t } = vscode.l10n;

export function countText(count: number): string {
  return count.toLocaleString(vscode.env.language);
}

export function numberText(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `Tensor [64, 784] float32`, `Map (3)`, `VAE`. */
export function typeText({ kind, type, shape, dtype }: Variable): string {
  if (kind === 'list') return `${type} (${countText(shape?.[0] ?? 0)})`;
  if (!shape || !dtype) return type;
  // Typed arrays say it themselves, and arrays of anything else are lists.
  const isSaid = dtype === 'number' || kind === 'data' || type.toLowerCase().startsWith(dtype);
  const elements = isSaid ? '' : ` ${dtype}`;
  return `${type} [${shape.join(', ')}]${elements}`;
}

/** What stands behind the name in the list: what it is, how it runs, what it takes. */
export function descriptionOf(variable: Variable): string {
  const { kind, text, bytes, sparkline, model, device } = variable;
  if (kind === 'getter' || kind === 'value') return text;
  const facts = [typeText(variable), sparkline?.text];
  if (model) facts.push(...modelFacts(variable));
  else facts.push(text);
  // A data set says its size itself.
  if (bytes !== undefined && !model && kind !== 'data') facts.push(bytesText(bytes));
  facts.push(device);
  return facts.filter((fact) => fact).join('   ');
}

function modelFacts({ model, bytes, text }: Variable): string[] {
  const { parameters, steps, training } = model!;
  const done = steps > 0 ? t('{0} steps done', countText(steps)) : t('not trained');
  const state = training ? t('training now, {0} steps done', countText(steps)) : done;
  // Its layers come first in the library's line.
  const [layers = ''] = text.split(' · ');
  return [layers, t('{0} parameters', countText(parameters)), bytes === undefined ? '' : bytesText(bytes), state];
}

export function sparklineText({ shows, low, high, read, of }: Sparkline): string {
  const counted = read < of ? t('{0} of {1} numbers', countText(read), countText(of)) : t('{0} numbers', countText(of));
  const range = t('from {0} to {1}', numberText(low), numberText(high));
  return shows === 'series' ? t('as they run: {0} {1}', counted, range) : t('histogram of {0} {1}', counted, range);
}

export function statisticsText({ minimum, maximum, mean, deviation, notFinite, read, of }: Statistics): string {
  const facts = [
    t('minimum {0}', numberText(minimum)),
    t('maximum {0}', numberText(maximum)),
    t('mean {0}', numberText(mean)),
    t('standard deviation {0}', numberText(deviation)),
  ];
  if (notFinite > 0) facts.push(t('{0} not finite', countText(notFinite)));
  if (read < of) facts.push(t('of {0} of {1} numbers', countText(read), countText(of)));
  return facts.join(' · ');
}

export function thumbnailText({ shown, of, black, white }: Thumbnail): string {
  const range = t('black is {0}, white is {1}', numberText(black), numberText(white));
  return shown < of ? t('the first {0} of {1} images; {2}', countText(shown), countText(of), range) : range;
}

/** What a screen reader says: the words without the drawing. */
export function spokenText(variable: Variable): string {
  const { name, shape, dtype, type, sparkline, ...others } = variable;
  const words = shape && dtype ? [name, type, shape.join(' × '), dtype] : [name, type];
  const spoken = descriptionOf({ ...others, name, type });
  const range = sparkline ? t('from {0} to {1}', numberText(sparkline.low), numberText(sparkline.high)) : '';
  return [...words, spoken, range].filter((word) => word !== '').join(', ');
}
