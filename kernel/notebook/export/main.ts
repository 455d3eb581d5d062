/** Exports a notebook for the extension, in a separate process: `node exportMain.js NOTEBOOK FORMAT TARGET NAME`. */
import { join } from 'node:path';
import { packageRoot } from '../../engine/packageRoot';
import { NotebookError, readNotebook } from '../read';
import { isExportFormat } from './formats';
import { exportNotebook } from './index';

const [file = '', format = '', target = '', path = file] = process.argv.slice(2);
try {
  if (!isExportFormat(format)) throw new NotebookError(`There is no export to "${format}".`);
  const { notebook } = readNotebook(file);
  const scriptFile = join(packageRoot(), 'dist', 'report', 'report.js');
  const files = await exportNotebook(notebook, { format, path, target, scriptFile });
  process.stdout.write(`${JSON.stringify(files)}\n`);
} catch (error) {
  const { name, message, stack } = error as Error;
  process.stderr.write(`${name === 'NotebookError' || name === 'FileError' ? message : (stack ?? message)}\n`);
  process.exitCode = 1;
}
