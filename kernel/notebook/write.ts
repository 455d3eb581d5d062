import { writeWholeSync } from '../files/writeWhole';
import type { Notebook } from './format';
import { JUPYTER_LAYOUT, type Layout } from './read';

/** A notebook as the text of its file. */
export function formatNotebook(notebook: Notebook, layout: Layout = JUPYTER_LAYOUT): string {
  const text = JSON.stringify(notebook, null, layout.indent) + (layout.endsWithBreak ? '\n' : '');
  // JSON has no bare line breaks inside strings, so every one is layout.
  return layout.lineBreak === '\n' ? text : text.replaceAll('\n', layout.lineBreak);
}

/** @throws {FileError} with the reason; the file is then as it was */
export function writeNotebook(path: string, notebook: Notebook, layout?: Layout): void {
  writeWholeSync(path, formatNotebook(notebook, layout));
}
