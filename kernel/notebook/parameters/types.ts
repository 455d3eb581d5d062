/** Types of parameters: those of TypeScript that JSON has values for. */

/** JSON. */
export type ParameterValue = null | boolean | number | string | ParameterValue[] | { [name: string]: ParameterValue };

export type ParameterType =
  | { kind: 'number' | 'string' | 'boolean' | 'null' }
  | { kind: 'literal'; value: string | number | boolean }
  | { kind: 'list'; of: ParameterType }
  | { kind: 'tuple'; items: readonly ParameterType[] }
  | { kind: 'object'; fields: readonly Field[]; others?: ParameterType }
  | { kind: 'union'; of: readonly ParameterType[] }
  /** A type that nobody can tell from the cell alone, in its words. */
  | { kind: 'unclear'; text: string };

export interface Field {
  name: string;
  type: ParameterType;
  optional: boolean;
}

/** A type as TypeScript writes it. */
export function typeText(type: ParameterType): string {
  switch (type.kind) {
    case 'literal':
      return typeof type.value === 'string' ? quoted(type.value) : String(type.value);
    case 'list':
      return type.of.kind === 'union' ? `(${typeText(type.of)})[]` : `${typeText(type.of)}[]`;
    case 'tuple':
      return `[${type.items.map(typeText).join(', ')}]`;
    case 'object': {
      const fields = type.fields.map(
        ({ name, type: of, optional }) => `${name}${optional ? '?' : ''}: ${typeText(of)}`,
      );
      const others = type.others ? [`[name: string]: ${typeText(type.others)}`] : [];
      return `{ ${[...fields, ...others].join('; ')} }`;
    }
    case 'union':
      return type.of.map(typeText).join(' | ');
    case 'unclear':
      return type.text;
    default:
      return type.kind;
  }
}

const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** A union of these, each once; of one the type itself. */
export function unionOf(types: readonly ParameterType[]): ParameterType {
  const members = types.flatMap((type) => (type.kind === 'union' ? type.of : [type]));
  const once = members.filter((type, i) => members.findIndex((other) => typeText(other) === typeText(type)) === i);
  return once.length === 1 ? once[0]! : { kind: 'union', of: once };
}

/** Whether all of it can be told from the cell alone. */
export function isClear(type: ParameterType): boolean {
  switch (type.kind) {
    case 'unclear':
      return false;
    case 'list':
      return isClear(type.of);
    case 'tuple':
      return type.items.every(isClear);
    case 'union':
      return type.of.every(isClear);
    case 'object':
      return type.fields.every((field) => isClear(field.type)) && (!type.others || isClear(type.others));
    default:
      return true;
  }
}

/** Where a value is not of a type: the place in it (`[2].rate`, empty for the whole) and what is found there. */
export interface Mismatch {
  place: string;
  found: unknown;
  expected: ParameterType;
}

export function mismatch(value: unknown, type: ParameterType, place = ''): Mismatch | undefined {
  const wrong = { place, found: value, expected: type };
  switch (type.kind) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : wrong;
    case 'string':
    case 'boolean':
      return typeof value === type.kind ? undefined : wrong;
    case 'null':
      return value === null ? undefined : wrong;
    case 'literal':
      return value === type.value ? undefined : wrong;
    case 'union': {
      const found = type.of.map((one) => mismatch(value, one, place));
      if (found.includes(undefined)) return undefined;
      // For a list or an object in a union, the place inside of it says more.
      return found.find((one) => one!.place !== place) ?? wrong;
    }
    case 'list':
      if (!Array.isArray(value)) return wrong;
      return first(value.map((item, i) => mismatch(item, type.of, `${place}[${i}]`)));
    case 'tuple':
      if (!Array.isArray(value) || value.length !== type.items.length) return wrong;
      return first(type.items.map((of, i) => mismatch(value[i], of, `${place}[${i}]`)));
    case 'object':
      return isRecord(value) ? objectMismatch(value, type, place) : wrong;
    case 'unclear':
      return wrong;
  }
}

function objectMismatch(
  value: Record<string, unknown>,
  { fields, others }: Extract<ParameterType, { kind: 'object' }>,
  place: string,
): Mismatch | undefined {
  const at = (name: string) => `${place}.${name}`;
  const known = fields.map(({ name, type, optional }) =>
    Object.hasOwn(value, name) || !optional ? mismatch(value[name], type, at(name)) : undefined,
  );
  const rest = Object.keys(value).filter((name) => !fields.some((field) => field.name === name));
  const unknown = rest.map((name) =>
    others ? mismatch(value[name], others, at(name)) : { place: at(name), found: value[name], expected: NOTHING },
  );
  return first([...known, ...unknown]);
}

const NOTHING: ParameterType = { kind: 'unclear', text: 'no field of this name' };

function first(found: readonly (Mismatch | undefined)[]): Mismatch | undefined {
  return found.find((one) => one !== undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
