/** Values of the debugged kernel as a line of text. */
import type { Runtime } from 'node:inspector';
import { ownSource } from '../compile/ownSource';
import { isOwnVariable } from './expressions';

type Described = Pick<Runtime.RemoteObject, 'type' | 'subtype' | 'description' | 'preview' | 'value'> & {
  unserializableValue?: string;
};

/** A value as the debugger's views show it; an object with some of its properties. */
export function describe(value: Described): string {
  switch (value.type) {
    case 'undefined':
      return 'undefined';
    case 'string':
      return quoted(String(value.value));
    case 'function':
      return signatureOf(value.description ?? '');
    case 'object':
      return objectText(value);
    default:
      return value.unserializableValue ?? value.description ?? String(value.value);
  }
}

function objectText({ subtype, description = 'Object', preview }: Described): string {
  if (subtype === 'null') return 'null';
  if (subtype === 'error') return description.split('\n')[0]!;
  if (!preview || subtype === 'regexp' || subtype === 'date') return description;
  const rest = preview.overflow ? ['…'] : [];
  if (preview.entries) {
    const entries = preview.entries.map(({ key, value }) => {
      return key ? `${previewText(key)} => ${previewText(value)}` : previewText(value);
    });
    return `${description} {${[...entries, ...rest].join(', ')}}`;
  }
  const isList = subtype === 'array' || subtype === 'typedarray';
  const properties = preview.properties
    .filter(({ name }) => !isOwnVariable(name))
    .map((property) => {
      const text = propertyText(property);
      return isList && /^\d+$/.test(property.name) ? text : `${property.name}: ${text}`;
    });
  const inside = [...properties, ...rest].join(', ');
  if (isList) return `${description} [${inside}]`;
  return description === 'Object' ? `{${inside}}` : `${description} {${inside}}`;
}

function previewText(preview: Runtime.ObjectPreview): string {
  const { type, description } = preview;
  return type === 'string' ? quoted(description ?? '') : describe({ ...preview, type, preview });
}

function propertyText({ type, subtype, value = '' }: Runtime.PropertyPreview): string {
  if (type === 'string') return quoted(value);
  if (type === 'function') return 'ƒ';
  if (type === 'accessor') return '(…)';
  return subtype === 'null' ? 'null' : value || type;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

/** How a function begins, as its author wrote it; blanks have taken the place of its types. */
function signatureOf(description: string): string {
  const [first = ''] = ownSource(description).split('\n');
  const line = first.replace(/\s+/g, ' ').replace(/ (?=[,)])/g, '');
  const head = line.replace(/^(async )?function\s*/, '$1').replace(/(=>|\))\s*\{.*$/, '$1');
  return `ƒ ${head.replace(/\s*\{\s*$/, '')}`.trimEnd();
}
