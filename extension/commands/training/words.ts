/** Data, models and reasons in the words of the dialogs. */
import * as vscode from 'vscode';
import type { ColumnSurvey, DataSurvey } from '../../../kernel/autoencoders/data/survey/facts';
import { bytesText } from '../../../kernel/memoryWords';
import { leftOutFor, type Family, type LeftOut, type Plan, type Why } from './plan';

const { t } = vscode.l10n;

export function titleOf(family: Family): string {
  return family === 'vae' ? t('Train VAE on Selection') : t('Train VQ-VAE on Selection');
}

export function countText(count: number): string {
  return count.toLocaleString(vscode.env.language);
}

export function numberText(value: number): string {
  const text =
    Number.isInteger(value) && Math.abs(value) < 1e7 ? countText(value) : String(Number(value.toPrecision(4)));
  return text.replace('-', '−');
}

/** `150 rows, 5 columns · CSV, 4 kB`. */
export function dataText(survey: DataSurvey): string {
  const { rows, exact, looked, columns, kind, shape, format, bytes, images } = survey;
  const count = exact ? countText(rows) : t('about {0}', countText(Number(rows.toPrecision(2))));
  const size = bytes === null ? format : `${format}, ${bytesText(bytes)}`;
  const what =
    kind === 'table'
      ? t('{0} rows, {1} columns', count, countText(columns.length))
      : kind === 'images'
        ? t('{0} images of {1}', count, images && !shape ? t('{0} sizes', images.sizes.length) : sizeText(shape ?? []))
        : t('{0} samples of {1}', count, (shape ?? []).join(' × '));
  return [what, size, ...(exact ? [] : [t('the first {0} were read', countText(looked))])].join(' · ');
}

/** `28 × 28, grey`. */
export function sizeText([height = 0, width = 0, channels = 1]: readonly number[]): string {
  const colours = channels === 1 ? t('grey') : channels === 3 ? t('in colour') : t('{0} channels', channels);
  return `${height} × ${width}, ${colours}`;
}

/** `numbers · 4.3 … 7.9 · 3 missing`. */
export function columnText(column: ColumnSurvey): string {
  const { kind, low, high, missing, distinct, entries, whole } = column;
  const kinds: Record<ColumnSurvey['kind'], string> = {
    numbers: whole ? t('whole numbers') : t('numbers'),
    truth: t('true or false, as 1 or 0'),
    text: t('text'),
    dates: t('dates'),
    mixed: t('numbers and text'),
    lists: t('lists of {0} numbers', entries),
    empty: t('nothing'),
    other: t('structures'),
  };
  const range = low !== null && high !== null && kind !== 'truth' ? `${numberText(low)} … ${numberText(high)}` : '';
  const different = kind === 'text' && distinct !== null ? t('{0} different', countText(distinct)) : '';
  const lacks = missing > 0 ? t('{0} missing', countText(missing)) : '';
  return [kinds[kind], range, different, lacks].filter(Boolean).join(' · ');
}

/** Why the column is not proposed, or what stands in it. */
export function columnDetail(column: ColumnSurvey, rows: number): string {
  const { odd, missing, firstMissing, examples, firstInfinite } = column;
  const reason = leftOutFor(column, rows);
  const words: Record<LeftOut, string> = {
    constant: t('Left out: it is always {0}', examples[0] ?? ''),
    id: column.merged ? t('Left out: float32 cannot tell its numbers apart') : t('Left out: it numbers the rows'),
    text: t('Left out: a model learns numbers'),
    dates: t('Left out: dates are not quantities'),
    mixed: odd ? t('Left out: {0} holds “{1}”', odd.place, odd.found) : '',
    empty: t('Left out: every cell is empty'),
    other: t('Left out: its values are not numbers'),
  };
  const shown = examples.length > 0 ? examples.join(', ') : '';
  if (reason) return reason === 'text' || reason === 'dates' ? `${words[reason]} (${shown} …)` : words[reason];
  if (firstInfinite) return t('{0} is infinite, or too large for float32', firstInfinite);
  return missing > 0 ? t('The first gap is in {0}; {1} …', firstMissing ?? '', shown) : `${shown} …`;
}

export function whyText(why: Why): string {
  const words: Record<Why, string> = {
    chosen: t('chosen by you'),
    table: t('no neighbours that a convolution could use'),
    smallImages: t('grey images of up to 32 × 32 pixels; on a processor dense layers are many times faster'),
    images: t('neighbouring pixels belong together'),
    tinyImages: t('the images are too small to be halved twice'),
    device: t('this device cannot compute gradients of convolutions; others can'),
    sequence: t('convolutions here need images'),
    plane: t('the whole latent space is one picture'),
    largeImages: t('images of this size do not fit into two numbers'),
    binary: t('every value is 0 or 1'),
    shades: t('shades of grey in [0, 1]'),
    colours: t('colours in [0, 1] are quantities, and their noise is learned'),
    unbounded: t('the values are not in [0, 1]'),
    fewSamples: t('about eight samples a code or more'),
    manySamples: t('the usual size'),
  };
  return words[why];
}

/** `Dense VAE · 2 latents · Gaussian`. */
export function modelText({ family, network, latent, codes, likelihood }: Plan): string {
  const kind = network.value === 'convolutional' ? t('convolutional') : t('dense');
  if (family === 'vqvae') return t('VQ-VAE, {0}, {1} codes', kind, codes.value);
  return t(
    'VAE, {0}, {1} latents, {2}',
    kind,
    latent.value,
    likelihood.value === 'gaussian' ? 'Gaussian' : 'Bernoulli',
  );
}

/** `40 seconds`, `3 minutes`, `2 hours`: one figure, since it is no more than an estimate. */
export function durationText(seconds: number): string {
  if (seconds < 2) return t('a second or two');
  if (seconds < 90) return t('{0} seconds', seconds < 10 ? Math.round(seconds) : 5 * Math.round(seconds / 5));
  if (seconds < 90 * 60) return t('{0} minutes', Math.round(seconds / 60));
  return t('{0} hours', Math.round(seconds / 1800) / 2);
}
