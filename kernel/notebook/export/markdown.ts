/** A notebook as Markdown that GitHub shows: text, code, outputs, and pictures in a folder beside it. */
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { containedHtml } from '../html/contained';
import type { Attachments } from '../html/pictures';
import { isCode, joined } from '../format';
import type { Cell, CodeCell, Notebook, Output } from '../format';
import { textOf } from '../outputs';

export interface Picture {
  /** Absolute. */
  file: string;
  data: Uint8Array;
}

export interface MarkdownExport {
  text: string;
  pictures: Picture[];
}

interface Place {
  /** The Markdown file, absolute. */
  target: string;
  /** That relative paths of the notebook start from. */
  folder: string;
}

const ENDINGS: Record<string, string> = {
  'image/svg+xml': 'svg',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

export function markdownExport(notebook: Notebook, place: Place): MarkdownExport {
  const writer = new Writer(place);
  const language = String((notebook.metadata.language_info as { name?: unknown } | null)?.name ?? 'typescript');
  let code = 0;
  const parts = notebook.cells.map((cell, i) => {
    if (isCode(cell)) return writer.code(cell, `cell-${++code}`, language);
    return writer.text(cell, `text-${i + 1}`);
  });
  return { text: `${parts.filter((part) => part !== '').join('\n\n')}\n`, pictures: writer.pictures };
}

class Writer {
  readonly pictures: Picture[] = [];
  /** Where pictures go, seen from the Markdown file. */
  private readonly beside: string;

  constructor(private readonly place: Place) {
    this.beside = `${basename(place.target, extname(place.target))}-pictures`;
  }

  text(cell: Cell, name: string): string {
    const source = joined(cell.source).trimEnd();
    // Front matter of a derivation.
    if (cell.cell_type === 'raw') return /^(---|\+\+\+)/.test(source) ? source : fenced(source, 'text');
    const attachments = cell.cell_type === 'markdown' ? (cell.attachments as Attachments | undefined) : undefined;
    return this.withPictures(source, attachments ?? {}, name);
  }

  code(cell: CodeCell, name: string, language: string): string {
    const own = (cell.metadata.vscode as { languageId?: unknown } | null | undefined)?.languageId;
    const source = joined(cell.source).trimEnd();
    const shown = typeof own === 'string' ? own : language;
    const outputs = cell.outputs.map((output, i) => this.output(output, `${name}-${i + 1}`));
    return [source === '' ? '' : fenced(source, shown === 'typescript' ? 'ts' : shown), ...outputs]
      .filter((part) => part !== '')
      .join('\n\n');
  }

  private output(output: Output, name: string): string {
    switch (output.output_type) {
      case 'stream':
        return fenced(plainText(joined(output.text)), 'text');
      case 'error':
        return fenced(plainText(output.traceback.join('\n') || `${output.ename}: ${output.evalue}`), 'text');
      case 'display_data':
      case 'execute_result':
        return this.bundle(output.data, name);
    }
  }

  /** The representation of a bundle that shows most in Markdown. */
  private bundle(data: Record<string, unknown>, name: string): string {
    const plain = 'text/plain' in data ? plainText(textOf(data['text/plain'])).trim() : '';
    for (const [mime, ending] of Object.entries(ENDINGS)) {
      if (!(mime in data)) continue;
      const text = textOf(data[mime]);
      const file = this.save(
        `${name}.${ending}`,
        mime === 'image/svg+xml' ? Buffer.from(text) : Buffer.from(text, 'base64'),
      );
      return `![${alternative(plain)}](${file})`;
    }
    if ('text/markdown' in data) return textOf(data['text/markdown']).trimEnd();
    if ('text/latex' in data) return textOf(data['text/latex']).trim();
    const html = 'text/html' in data ? containedHtml(textOf(data['text/html'])) : undefined;
    // A blank line would end the HTML.
    if (html !== undefined) return html.replace(/\n\s*\n/g, '\n').trim();
    if (plain !== '') return fenced(plain, 'text');
    if ('application/json' in data) return fenced(JSON.stringify(data['application/json'], null, 2), 'json');
    return `*An output of type ${Object.keys(data).join(', ') || 'unknown'}.*`;
  }

  private save(name: string, data: Uint8Array): string {
    this.pictures.push({ file: join(dirname(this.place.target), this.beside, name), data });
    return encodeURI(`${this.beside}/${name}`);
  }

  /** Attached pictures become files; relative paths lead to where they led. */
  private withPictures(source: string, attachments: Attachments, name: string): string {
    const { target, folder } = this.place;
    return source.replace(/(!\[[^\]]*\]\()([^)\s]+)/g, (whole, before: string, address: string) => {
      if (address.startsWith('attachment:')) {
        const key = decodeURIComponent(address.slice('attachment:'.length));
        const [mime, value] = Object.entries(attachments[key] ?? {})[0] ?? [];
        const ending = ENDINGS[mime ?? ''];
        if (ending === undefined) return whole;
        const bytes = mime === 'image/svg+xml' ? Buffer.from(textOf(value)) : Buffer.from(textOf(value), 'base64');
        return before + this.save(`${name}-${key.replace(/\.\w+$/, '').replace(/[^\w-]+/g, '-')}.${ending}`, bytes);
      }
      if (/^([a-z][a-z0-9+.-]*:|\/|#)/i.test(address)) return whole;
      const moved = relative(dirname(target), resolve(folder, address)).split(sep).join('/');
      return before + moved;
    });
  }
}

/** A block of code that nothing in it closes. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/^\s*(`{3,})/gm)].map(([, ticks]) => ticks!.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n+$/, '')}\n${fence}`;
}

/** Without colours, and of lines that were written over the last. */
function plainText(text: string): string {
  return text
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').split('\r').at(-1)!)
    .join('\n');
}

const alternative = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[[\]\\]/g, '')
    .slice(0, 300);
