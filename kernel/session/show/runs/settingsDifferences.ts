/** In what the settings of trainings differ, in words. */
import type { TrainingHistory } from '../../../autoencoders/index';
import { counted } from '../../../views/wording';

/** Differences that a sentence names. */
const NAMED = 6;

/**
 * A sentence of what differs between trainings: `β 1 → 4; epochs 10 → 20`. Of more than two, all values stand beside each
 * other: `β 1, 2, 4`.
 *
 * @returns undefined if the settings of one of them are not known; an empty text where nothing differs
 */
export function settingsDifferences(histories: readonly Pick<TrainingHistory, 'settings'>[]): string | undefined {
  const all: Map<string, string>[] = [];
  for (const { settings } of histories) {
    if (!settings) return undefined;
    all.push(flat(settings));
  }
  const names = [...new Set(all.flatMap((one) => [...one.keys()]))];
  const different = names.filter((name) => new Set(all.map((one) => one.get(name))).size > 1);
  // A part that was replaced brings its own options: its name says that.
  const told = different.filter((name) => !different.some((other) => name.startsWith(`${other}.`)));
  const arrow = histories.length === 2 ? ' → ' : ', ';
  const valuesOf = (name: string) => {
    const values = all.map((one) => one.get(name) ?? 'none');
    return (histories.length === 2 ? values : [...new Set(values)]).join(arrow);
  };
  // A training takes what it is not given, such as its seed, from the model: that is one difference, told once.
  const texts = [...new Set(told.map((name) => `${nameIn(told, name, valuesOf)} ${valuesOf(name)}`))];
  const more = texts.length > NAMED ? [`and ${counted(texts.length - NAMED, 'more setting')}`] : [];
  return [...texts.slice(0, NAMED), ...more].join('; ');
}

/** `seed`; `the model’s seed` where that of the training differs otherwise. */
function nameIn(told: readonly string[], path: string, valuesOf: (path: string) => string): string {
  const name = nameOf(path);
  const isOnly = told.every((other) => nameOf(other) !== name || valuesOf(other) === valuesOf(path));
  if (isOnly) return name;
  return `${path.startsWith('config.') ? 'the model’s' : 'the training’s'} ${name}`;
}

/** `objective.beta` → `4`; a part's own name stands at the part: `prior` → `standardNormal`. */
function flat(settings: object): Map<string, string> {
  const found = new Map<string, string>();
  const add = (value: unknown, path: string) => {
    if (value === undefined) return;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      found.set(path, textOf(value));
    } else if ('schedule' in value) {
      const { schedule, ...rest } = value;
      found.set(path, `${textOf(schedule)}(${Object.values(rest).map(textOf).join(', ')})`);
    } else {
      const { name, ...rest } = value as Record<string, unknown>;
      if (typeof name === 'string') found.set(path, name);
      for (const [key, one] of Object.entries(rest)) add(one, path === '' ? key : `${path}.${key}`);
    }
  };
  add(settings, '');
  return found;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', ');
}

/** `config.objective.beta` → `objective.beta`: where it stands is clear. */
function nameOf(path: string): string {
  return path.replace(/^(config|options)\./, '');
}
