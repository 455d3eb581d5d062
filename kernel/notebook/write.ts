import { writeWhole } from './files';
import type { Notebook } from './format';
import type { Layout } from './read';

/** As Jupyter and VS Code lay out a notebook. */
export const JUPYTER_LAYOUT: Layout = { indent: ' ', lineBreak: '\n', endsWithBreak: true };

/** A notebook as the text of its file. */
export function formatNotebook(notebook: Notebook, layout: Layout = JUPYTER_LAYOUT): string {
  const text = JSON.stringify(notebook, null, layout.indent) + (layout.endsWithBreak ? '\n' : '');
  // JSON has no bare line breaks inside strings, so every one is layout.
  return layout.lineBreak === '\n' ? text : text.replaceAll('\n', layout.lineBreak);
}

/** Writes a notebook beside its place and then renames it. */
export function writeNotebook(path: string, notebook: Notebook, layout?: Layout): void {
  writeWhole(path, formatNotebook(notebook, layout));
}
