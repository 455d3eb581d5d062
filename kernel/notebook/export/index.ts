/** A notebook as another file: a report, Markdown, a script, or a PDF. Nothing of it runs. */
import { basename, dirname, extname, join, resolve } from 'node:path';
import { writeWholeSync } from '../../files/writeWhole';
import { makeFolderSync } from '../../files/makeFolder';
import { isSameFile } from '../files';
import type { Notebook } from '../format';
import { renderReport } from '../html/report';
import { NotebookError } from '../read';
import type { ExportFormat } from './formats';
import { markdownExport } from './markdown';
import { printPdf } from './pdf';
import { scriptExport } from './script';

export interface ExportOptions {
  format: ExportFormat;
  /** The notebook's file: names the export, and is where its pictures are looked for. */
  path: string;
  /** Where the export goes. */
  target: string;
  /** The bundle `dist/report/report.js`, with the style sheets beside it. */
  scriptFile: string;
}

/**
 * @returns the files that were written, the export first
 * @throws NotebookError for a target that is the notebook itself, or a PDF where no browser can be found
 * @throws FileError if a file cannot be written
 */
export async function exportNotebook(notebook: Notebook, options: ExportOptions): Promise<string[]> {
  const { format, path, scriptFile } = options;
  const target = resolve(options.target);
  if (isSameFile(target, resolve(path))) {
    throw new NotebookError(`${options.target} is the notebook itself. Name another file: --output FILE`);
  }
  const folder = dirname(resolve(path));
  makeFolderSync(dirname(target));
  switch (format) {
    case 'html':
      writeWholeSync(target, await renderReport(notebook, { path, folder, scriptFile }));
      return [target];
    case 'ts':
      writeWholeSync(target, scriptExport(notebook, { name: basename(path), from: folder, to: dirname(target) }));
      return [target];
    case 'md': {
      const { text, pictures } = markdownExport(notebook, { target, folder });
      for (const { file, data } of pictures) {
        makeFolderSync(dirname(file));
        writeWholeSync(file, data);
      }
      writeWholeSync(target, text);
      return [target, ...pictures.map(({ file }) => file)];
    }
    case 'pdf': {
      await printPdf(await renderReport(notebook, { path, folder, scriptFile, isStatic: true }), target);
      return [target];
    }
  }
}

/** `notes.ipynb` as `notes.md` beside it, or in another folder. A derivation is Markdown already, and keeps its name. */
export function exportTarget(path: string, format: ExportFormat, folder = dirname(path)): string {
  const name = basename(path, extname(path));
  const isItself = extname(path).toLowerCase() === `.${format}`;
  return join(folder, `${name}${isItself ? '-with-outputs' : ''}.${format}`);
}
