/** Formulas in docstrings, `$…$` and `$$…$$`, as pictures that a hover can show. */
import { createRequire } from 'node:module';

export type Ink = 'light' | 'dark';

/** Draws TeX; what cannot be drawn is undefined. */
export type Draw = (tex: string, display: boolean, ink: Ink) => string | undefined;

/** VS Code cuts Markdown that is longer. */
const MAX_LENGTH = 90_000;

/** Code, which stays as it is, or a formula. */
const PARTS = /```[^]*?```|`[^`]*`|\$\$([^]+?)\$\$|(?<![\w\\$])\$([^\s$](?:[^$]*[^\s$\\])?)\$(?!\w)/g;

export class Formulas {
  ink: Ink = 'light';
  private draw: Draw | undefined;
  private readonly pictures = new Map<string, string | undefined>();

  /** @param load gets what draws, when there is a first formula */
  constructor(private readonly load: () => Draw) {}

  /** @returns Markdown with HTML, in which `<` of the text is text */
  drawn(markdown: string): string {
    let room = MAX_LENGTH - markdown.length;
    const parts: string[] = [];
    let end = 0;
    for (const match of markdown.matchAll(PARTS)) {
      parts.push(escaped(markdown.slice(end, match.index)));
      end = match.index + match[0].length;
      const [whole, display, inline] = match;
      const tex = display ?? inline;
      const picture = tex === undefined ? undefined : this.picture(tex, display !== undefined);
      if (picture !== undefined && picture.length < room) {
        room -= picture.length;
        parts.push(display === undefined ? picture : `\n\n${picture}\n\n`);
      } else parts.push(tex === undefined ? whole : `\`${tex.replaceAll(/\s+/g, ' ').trim()}\``);
    }
    return [...parts, escaped(markdown.slice(end))].join('');
  }

  private picture(tex: string, display: boolean): string | undefined {
    const key = `${this.ink} ${display} ${tex}`;
    if (!this.pictures.has(key)) {
      this.draw ??= this.load();
      const svg = this.draw(tex, display, this.ink);
      this.pictures.set(key, svg && image(svg, tex));
    }
    return this.pictures.get(key);
  }
}

/** Loads what {@link drawFormula.ts} is built to, beside this file's. */
export function loadDrawing(file: string): () => Draw {
  return () => (createRequire(file)(file) as { draw: Draw }).draw;
}

function image(svg: string, tex: string): string {
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  const alt = tex.replaceAll(/\s+/g, ' ').replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<img align="middle" alt="${alt}" src="${source}">`;
}

function escaped(text: string): string {
  return text.replaceAll('<', '&lt;');
}
