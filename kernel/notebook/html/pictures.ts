/** The pictures that a notebook's markdown names: those it carries, and those of files beside it. */
import { readFileSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { textOf } from '../outputs';
import { dataUrl } from '../markdown/escape';

/** Pictures that a cell carries: name → MIME type → base64. */
export type Attachments = Record<string, Record<string, unknown>>;

/** A picture as an address that holds it, or why it cannot be shown. */
export type Picture = { url: string } | { missing: string };

const TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.bmp': 'image/bmp',
  '.svg': 'image/svg+xml',
};

/** Base64 of a larger file would make a report that no browser opens. */
const LARGEST_BYTES = 64 * 2 ** 20;

/**
 * @param source the address as markdown has it
 * @param folder that relative paths start from
 */
export function pictureOf(source: string, attachments: Attachments, folder: string): Picture {
  if (source.startsWith('data:image/')) return { url: source };
  if (source.startsWith('attachment:')) return attached(decoded(source.slice('attachment:'.length)), attachments);
  if (/^[a-z][a-z0-9+.-]*:/i.test(source)) return { missing: 'it is not part of this report' };
  const type = TYPES[extname(source).toLowerCase()];
  if (type === undefined) return { missing: `it has none of the endings ${Object.keys(TYPES).join(', ')}` };
  return fromFile(resolve(folder, decoded(source)), type);
}

/** As the file is called; an address whose percent signs mean nothing is its own name. */
function decoded(source: string): string {
  try {
    return decodeURIComponent(source);
  } catch {
    return source;
  }
}

function attached(name: string, attachments: Attachments): Picture {
  const bundle = Object.hasOwn(attachments, name) ? attachments[name]! : {};
  const [type, value] = Object.entries(bundle).find(([mime]) => mime.startsWith('image/')) ?? [];
  if (type === undefined) return { missing: 'the cell has no such attachment' };
  const url = dataUrl(type, textOf(value));
  return url === undefined ? { missing: 'its attachment holds no picture' } : { url };
}

function fromFile(path: string, type: string): Picture {
  try {
    // Asked first: a pipe or a device would be read for ever.
    const stats = statSync(path);
    if (stats.isDirectory()) return { missing: 'it is a folder' };
    if (!stats.isFile()) return { missing: 'it is no file' };
    if (stats.size > LARGEST_BYTES) {
      return {
        missing: `it has ${Math.round(stats.size / 2 ** 20)} MB; a report takes pictures of ${LARGEST_BYTES / 2 ** 20} MB`,
      };
    }
    return { url: `data:${type};base64,${readFileSync(path).toString('base64')}` };
  } catch (error) {
    return { missing: REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message };
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'no file can have that name',
  ELOOP: 'its links lead in a circle',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
};
