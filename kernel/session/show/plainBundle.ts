/** Bundles as they can be sent to another process, shown and saved. */
import { isTextMime, type MimeBundle } from '../../protocol';

/**
 * A bundle that JSON can hold: values of `json` types as JSON would read them again, all others as text.
 *
 * - A bigint becomes a number where that is exact, else the text of its digits.
 * - Typed arrays become lists; in other types than `json` bytes become text where the type is text, else base64.
 * - A type whose value is undefined, a function or a symbol is left out.
 *
 * @throws TypeError for what is no bundle, and for a value that contains itself, naming the MIME type
 */
export function plainBundle(bundle: unknown): MimeBundle {
  if (typeof bundle !== 'object' || bundle === null || Array.isArray(bundle)) {
    const found = bundle === null ? 'null' : Array.isArray(bundle) ? 'an array' : `a value of type ${typeof bundle}`;
    throw new TypeError(
      `[Symbol.for('Jupyter.display')]() gave ${found}; expected an object from MIME types to what they show, ` +
        `such as { 'text/html': '<b>1</b>' }.`,
    );
  }
  const plain = Object.entries(bundle).map(([mime, value]) => [mime, contentOf(mime, value)] as const);
  return Object.fromEntries(plain.filter(([, value]) => value !== undefined));
}

function contentOf(mime: string, value: unknown): unknown {
  const json = jsonOf(value, mime, '', new Set());
  if (json === undefined || /^application\/(.*\+)?json$/i.test(mime)) return json;
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return bytes.toString(isTextMime(mime) ? 'utf8' : 'base64');
  }
  const isText = typeof json === 'string' || (Array.isArray(json) && json.every((line) => typeof line === 'string'));
  return isText ? json : JSON.stringify(json);
}

/** What `JSON.parse(JSON.stringify(value))` gives, but for bigints and typed arrays. */
function jsonOf(value: unknown, mime: string, key: string, within: Set<object>): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (within.has(value)) {
    throw new TypeError(`The "${mime}" of a bundle contains itself (at "${key}"), which JSON cannot hold.`);
  }
  within.add(value);
  const plain = objectOf(value, mime, key, within);
  within.delete(value);
  return plain;
}

function objectOf(value: object, mime: string, key: string, within: Set<object>): unknown {
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') {
    const replaced: unknown = toJSON.call(value, key);
    return replaced === value ? fieldsOf(value, mime, within) : jsonOf(replaced, mime, key, within);
  }
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return value.valueOf();
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<unknown>, (item, i) => jsonOf(item, mime, String(i), within));
  }
  if (Array.isArray(value)) return value.map((item, i) => jsonOf(item, mime, String(i), within) ?? null);
  return fieldsOf(value, mime, within);
}

function fieldsOf(value: object, mime: string, within: Set<object>): Record<string, unknown> {
  const fields = Object.entries(value).map(([name, field]) => [name, jsonOf(field, mime, name, within)] as const);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}
