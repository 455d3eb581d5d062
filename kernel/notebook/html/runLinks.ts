/** Sweeps in a report: their runs' notebooks are links from where the report lies, and no absolute path stands in it. */
import { relative, resolve, sep } from 'node:path';
import { MIME, type SweepView } from '../../views/types';
import { isCode } from '../format';
import type { Cell, Notebook } from '../format';

/**
 * @param folder       what paths in the notebook start from
 * @param reportFolder what those in the report start from
 */
export function withRunLinks(notebook: Notebook, folder: string, reportFolder: string): Notebook {
  const linked = (view: SweepView): SweepView => {
    const { place, ...rest } = view;
    const path = relative(resolve(reportFolder), place ?? resolve(folder, view.folder));
    return { ...rest, folder: path.split(sep).join('/') || '.' };
  };
  const cells = notebook.cells.map((cell): Cell => {
    if (!isCode(cell)) return cell;
    const outputs = cell.outputs.map((output) => {
      const data = 'data' in output ? (output.data as Record<string, unknown>) : {};
      if (!(MIME.sweep in data)) return output;
      return { ...output, data: { ...data, [MIME.sweep]: linked(data[MIME.sweep] as SweepView) } };
    });
    return { ...cell, outputs };
  });
  return { ...notebook, cells };
}
