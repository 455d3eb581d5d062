import { join, relative } from 'node:path';
import { checksText } from '../checks';
import { finalLosses } from '../losses';
import type { FinalLosses } from '../losses';
import { duration } from '../time';
import { execute, reportOutcome } from './execute';

/** `npm start`: runs the flagship notebook and says what came of it. Returns the exit code. */
export async function start(options: { root: string; device: string; seed?: number }): Promise<number> {
  const { root } = options;
  const file = join(root, 'samples', 'vae.ipynb');
  process.stdout.write(
    `Running ${relative(process.cwd(), file)}: from the evidence lower bound to a trained VAE and a VQ-VAE.\n`,
  );
  const executed = await execute({
    ...options,
    file,
    output: join(root, 'out', 'vae.ipynb'),
    html: join(root, 'out', 'vae.html'),
  });
  if (executed.failure || executed.reportFailure) return reportOutcome(executed);
  const losses = finalLosses(executed.notebook).map(lossTable);
  const here = (path: string) => relative(process.cwd(), path) || path;
  process.stdout.write(
    `${['', ...losses, checksText(executed.notebook)].join('\n')}
Done in ${duration(executed.seconds)} on ${executed.device.description}.
  ${here(executed.output)}   the executed notebook
  ${here(executed.html!)}    the same as a page with interactive views: open it in a browser

Open the notebook in VS Code: npm run vscode
`,
  );
  return 0;
}

/** The final losses of one training as an aligned table. */
export function lossTable({ title, unit, terms }: FinalLosses): string {
  const rows = terms.map(({ name, train, validation }) => [name, number(train), number(validation)]);
  const cells = [[`  ${unit}`, 'train', 'validation'], ...rows.map(([name, ...rest]) => [`    ${name}`, ...rest])];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]! + 3))).join('');
  return `${title}\n${cells.map(line).join('\n')}\n`;
}

const number = (value: number | undefined) =>
  value === undefined ? '' : Math.abs(value) < 10 ? value.toFixed(3) : value.toFixed(1);
