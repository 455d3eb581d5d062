/** The steps about the data: what was found, what of it the model learns, the class, what is missing. */
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ColumnSurvey, DataSurvey } from '../../../kernel/autoencoders/data/survey/facts';
import { fittings, labelCandidates, leftOutFor, proposedColumns, proposedLabel, type Answers } from './plan';
import { rowsLacking } from './refusal';
import { pickMany, pickOne, type Item, type Outcome, type PickOptions } from './steps';
import { columnDetail, columnText, countText, dataText, numberText, sizeText } from './words';

const { t } = vscode.l10n;

/** What every step knows. */
export type Frame = Pick<PickOptions<never>, 'title' | 'step' | 'steps'> & { showRows?(): void };

/** Columns of numbers above these are shown as one. */
const MOST_COLUMNS = 300;

const ROWS_BUTTON: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('table'),
  tooltip: t('Show the first rows'),
};

const separator = (label: string): Item<never> => ({ label, kind: vscode.QuickPickItemKind.Separator });

/** The array of samples in a file of several. */
export async function chooseArray(survey: DataSurvey, frame: Frame): Promise<Outcome<Answers>> {
  const items = survey.arrays.map(({ name, shape, type }) => ({
    label: name,
    description: `[${shape.join(', ')}] ${type}`,
    detail: t('{0} samples along the first axis', countText(shape[0] ?? 0)),
    value: name,
  }));
  const next = t('The file has {0} arrays. Choose the samples; next: their columns', survey.arrays.length);
  const picked = await pickOne({ ...frame, next, items });
  return mapped(picked, (array) => ({ array }));
}

/** What the model learns: the columns of a table. Those left out say why. */
export async function chooseColumns(survey: DataSurvey, answers: Answers, frame: Frame): Promise<Outcome<Answers>> {
  const proposed = new Set(answers.columns ?? proposedColumns(survey));
  const label = answers.label === undefined ? proposedLabel(survey) : answers.label;
  const single = (column: ColumnSurvey): Item<string[]> => ({
    label: `$(${iconOf(column)}) ${column.name}`,
    description: columnText(column),
    detail: column.name === label ? t('Used as the class of each sample') : columnDetail(column, survey.rows),
    value: [column.name],
  });
  const usable = survey.columns.filter(
    (column) => leftOutFor(column, survey.rows) === undefined && column.name !== label,
  );
  const others = survey.columns.filter((column) => !usable.includes(column));
  const many = usable.length > MOST_COLUMNS;
  const items: Item<string[]>[] = [
    separator(t('the model learns')),
    ...(many ? [together(usable)] : usable.map(single)),
    ...(others.length > 0 ? [separator(t('left out, unless you choose it'))] : []),
    ...others.map(single),
  ];
  const hasLabels = labelCandidates(survey).length > 0;
  const next = hasLabels
    ? t('Choose what the model learns; next: the class')
    : t('Choose what the model learns; next: the model');
  const title = `${frame.title} · ${dataText(survey)}`;
  const options = { ...frame, title, next, items, buttons: [ROWS_BUTTON], onButton: () => frame.showRows?.() };
  const picked = await pickMany(
    options,
    ({ value }) => value?.some((name) => proposed.has(name)) ?? false,
    (chosen) => faultOf(survey, chosen.flat()),
  );
  return mapped(picked, (chosen) => ({ columns: chosen.flat() }));
}

/** Why such columns cannot be learned, with the place; undefined if they can. */
function faultOf({ columns }: DataSurvey, chosen: readonly string[]): { what: string; advice: string } | undefined {
  const advice = t('Leave the column out, or correct it in the file');
  if (chosen.length === 0) return { what: t('Nothing is chosen'), advice: t('Choose at least one column of numbers') };
  const wrong = columns.find(({ name, usable }) => !usable && chosen.includes(name));
  if (!wrong) return undefined;
  const { name, odd } = wrong;
  if (!odd) return { what: t('The column “{0}” cannot be learned: {1}', name, columnText(wrong)), advice };
  const what = t('{0}, column “{1}”: found “{2}”; expected a number', odd.place, name, odd.found);
  return { what, advice };
}

function together(columns: readonly ColumnSurvey[]): Item<string[]> {
  const numbers = columns.filter(({ low }) => low !== null);
  const low = Math.min(...numbers.map((column) => column.low!));
  const high = Math.max(...numbers.map((column) => column.high!));
  const lacks = columns.reduce((sum, { missing }) => sum + missing, 0);
  return {
    label: `$(symbol-numeric) ${t('{0} columns of numbers', countText(columns.length))}`,
    description: `${numberText(low)} … ${numberText(high)}${lacks > 0 ? ` · ${t('{0} missing', countText(lacks))}` : ''}`,
    detail: `${columns[0]!.name}, ${columns[1]!.name} … ${columns.at(-1)!.name}`,
    value: columns.map(({ name }) => name),
  };
}

function iconOf({ kind }: ColumnSurvey): string {
  const icons: Record<ColumnSurvey['kind'], string> = {
    numbers: 'symbol-numeric',
    truth: 'symbol-boolean',
    text: 'symbol-string',
    dates: 'calendar',
    mixed: 'warning',
    lists: 'symbol-array',
    empty: 'circle-slash',
    other: 'symbol-object',
  };
  return icons[kind];
}

/** The column of classes, or none. It colours the latent space; the model does not see it. */
export async function chooseLabel(survey: DataSurvey, answers: Answers, frame: Frame): Promise<Outcome<Answers>> {
  const proposed = answers.label === undefined ? (proposedLabel(survey) ?? null) : answers.label;
  const none: Item<{ label: string | null }> = {
    label: `$(circle-slash) ${t('No class column')}`,
    detail: t('Draw the latent space in one colour'),
    value: { label: null },
  };
  const items = labelCandidates(survey).map((column): Item<{ label: string | null }> => ({
    label: `$(${iconOf(column)}) ${column.name}`,
    description: t('{0} classes', column.distinct ?? ''),
    detail: classesText(column),
    value: { label: column.name },
  }));
  const next = t('Which column is the class of each sample? It colours the latent space; the model does not learn it');
  const active = ({ value }: Item<{ label: string | null }>) => value?.label === proposed;
  const picked = await pickOne({ ...frame, next, items: [...items, none], active });
  return mapped(picked, ({ label }) => ({ label }));
}

function classesText({ counts, examples, missing }: ColumnSurvey): string {
  const shown = counts.length > 0 ? counts.map(({ value, count }) => `${value} (${countText(count)})`) : examples;
  const lacks = missing > 0 ? ` · ${t('{0} without a class', countText(missing))}` : '';
  return `${shown.slice(0, 6).join(', ')}${shown.length > 6 || counts.length === 0 ? ' …' : ''}${lacks}`;
}

/** What becomes of samples that lack values. */
export async function chooseMissing(
  survey: DataSurvey,
  columns: readonly string[] | null,
  answers: Answers,
  frame: Frame,
): Promise<Outcome<Answers>> {
  const taken = survey.columns.filter(({ name }) => columns?.includes(name));
  const rows = rowsLacking(taken, survey.range?.rowsMissing ?? 0);
  const lacking = taken.filter(({ missing }) => missing > 0);
  const first = lacking[0] ? `${lacking[0].firstMissing}, “${lacking[0].name}”` : (survey.range?.firstMissing ?? '');
  const where = t('the first in {0}', first);
  const items: Item<Answers>[] = [
    {
      label: `$(symbol-numeric) ${t('Learn from the values that are present')}`,
      description: 'missing: true',
      detail: t('The encoder sees 0 for a gap, and the loss skips it; the decoder fills it in'),
      value: { missing: 'keep' },
    },
    {
      label: `$(remove) ${t('Leave these samples out')}`,
      description: t('up to {0} of {1}', countText(rows), countText(survey.looked)),
      detail: t('The model learns only from complete samples'),
      value: { missing: 'leaveOut' },
    },
  ];
  if (lacking.length > 0 && lacking.length < taken.length) {
    const names = lacking.map(({ name }) => name);
    items.push({
      label: `$(list-filter) ${t('Leave these columns out')}`,
      description: names.slice(0, 5).join(', ') + (names.length > 5 ? ' …' : ''),
      detail: t('All samples stay, with {0} columns', taken.length - lacking.length),
      value: { missing: 'keep', columns: columns!.filter((name) => !names.includes(name)) },
    });
  }
  const next = t('{0} samples lack values, {1}. Next: the model', countText(rows), where);
  return pickOne({ ...frame, next, items, active: ({ value }) => value?.missing === (answers.missing ?? 'keep') });
}

/** The size that images come to; with pictures of the first ones. */
export async function chooseImages(survey: DataSurvey, answers: Answers, frame: Frame): Promise<Outcome<Answers>> {
  const { images, shape } = survey;
  const pictures = await picturesOf(images?.examples.map(({ file }) => file) ?? []);
  const ways = fittings(survey);
  const channels = images?.channels ?? 1;
  const way = (fit: 'resize' | 'crop' | 'pad', icon: string, label: string, detail: string): Item<Answers> => ({
    label: `$(${icon}) ${label}`,
    description: sizeText([...ways![fit], channels]),
    detail,
    value: { fit, size: ways![fit] },
  });
  const items: Item<Answers>[] = ways
    ? [
        way('resize', 'screen-normal', t('Resize all'), t('By interpolation; this stretches images of another shape')),
        way('crop', 'screen-cut', t('Cut all about their centres'), t('To the smallest height and width')),
        way('pad', 'screen-full', t('Pad all with black'), t('To the largest height and width')),
      ]
    : sameSize(survey, [...shape!]);
  const sizes = images?.sizes
    .slice(0, 4)
    .map(({ height, width, count }) => `${height} × ${width} (${countText(count)})`);
  const examples = (images?.examples ?? []).map(({ file, height, width }): Item<Answers> => ({
    label: file.replaceAll('\\', '/').split('/').slice(-2).join('/'),
    description: `${height} × ${width}`,
    iconPath: pictures.get(file),
  }));
  const told = [
    dataText(survey),
    ...(sizes && ways ? [t('Sizes: {0}', sizes.join(', ') + (images!.sizes.length > 4 ? ' …' : ''))] : []),
    ...(survey.classes ? [t('{0} classes: {1}', survey.classes.length, classNames(survey))] : []),
  ];
  const shown: Item<Answers>[] = [
    separator(t('what was found')),
    ...told.map((label) => ({ label: `$(info) ${label}` })),
    ...(examples.length > 0 ? [separator(t('the first images')), ...examples] : []),
  ];
  const next = ways
    ? t('A model needs images of one size: choose how; next: the model')
    : t('Choose the size; next: the model');
  const active = ({ value }: Item<Answers>) => value !== undefined && value.fit === answers.fit;
  return pickOne({ ...frame, next, items: [...items, ...shown], active });
}

/** Bytes of a picture that stands in a box as an icon. */
const LARGEST_PICTURE = 200_000;

/** Those of no great size as addresses that hold them: a box of a remote window loads no files. */
async function picturesOf(files: readonly string[]): Promise<ReadonlyMap<string, vscode.Uri>> {
  const pictures = new Map<string, vscode.Uri>();
  for (const file of files) {
    const bytes = await readFile(file).catch(() => undefined);
    if (!bytes || bytes.length > LARGEST_PICTURE) continue;
    const type = bytes[0] === 0x89 ? 'image/png' : 'image/jpeg';
    pictures.set(file, vscode.Uri.parse(`data:${type};base64,${bytes.toString('base64')}`));
  }
  return pictures;
}

function sameSize(survey: DataSurvey, shape: number[]): Item<Answers>[] {
  const [height = 0, width = 0, channels = 1] = shape;
  const as: Item<Answers> = { label: `$(check) ${t('As they are')}`, description: sizeText(shape), value: {} };
  if (survey.reader !== 'readImageFolder') return [as];
  const smaller = [64, 32].filter((side) => Math.max(height, width) > side);
  return [
    as,
    ...smaller.map((side): Item<Answers> => {
      const scale = side / Math.max(height, width);
      const size: [number, number] = [Math.max(4, Math.round(height * scale)), Math.max(4, Math.round(width * scale))];
      const share = Math.round((height * width) / (size[0] * size[1]));
      return {
        label: `$(screen-normal) ${t('Smaller')}`,
        description: sizeText([...size, channels]),
        detail: t('A step takes about a {0}th of the time', share),
        value: { fit: 'resize', size },
      };
    }),
  ];
}

function classNames({ classes }: DataSurvey): string {
  const names = classes!.slice(0, 6).map(({ name, count }) => `${name} (${countText(count)})`);
  return names.join(', ') + (classes!.length > 6 ? ' …' : '');
}

/** Data without columns and sizes to choose: what was found, to be looked at. */
export async function confirmFound(survey: DataSurvey, frame: Frame): Promise<Outcome<Answers>> {
  const { range } = survey;
  const facts = [
    ...(range ? [t('Values from {0} to {1}', numberText(range.low), numberText(range.high))] : []),
    ...(range && range.missing > 0 ? [t('{0} values are missing, the first in {1}', countText(range.missing), range.firstMissing ?? '')] : []), // prettier-ignore
    ...(survey.classes ? [t('{0} classes: {1}', survey.classes.length, classNames(survey))] : []),
  ];
  const items: Item<Answers>[] = [
    { label: `$(check) ${t('Use these samples')}`, description: dataText(survey), value: {} },
    ...(facts.length > 0
      ? [separator(t('what was found')), ...facts.map((label) => ({ label: `$(info) ${label}` }))]
      : []),
  ];
  const buttons = survey.preview.length > 0 ? [ROWS_BUTTON] : [];
  const next = t('Press Enter for the next step: the model');
  return pickOne({ ...frame, next, items, buttons, onButton: () => frame.showRows?.() });
}

function mapped<T, R>(outcome: Outcome<T>, map: (value: T) => R): Outcome<R> {
  return outcome && 'value' in outcome ? { value: map(outcome.value) } : outcome;
}
