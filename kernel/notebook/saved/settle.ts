/** An executed notebook as it is committed: without what another run on another machine would have otherwise. */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { isCode } from '../format';
import type { CodeCell, Notebook, Output } from '../format';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Fields of views that tell how long something took, or at which address a cell was open. */
const OF_THE_RUN = new Set(['secondsElapsed', 'secondsLeft', 'document']);

/** What the notes of a training say about the machine. */
const OF_THE_MACHINE = /; [\d,]+ samples a second; \d+ tensors; at most [\d.,]+ \w+ of memory/g;

/**
 * Takes the times, the device and the addresses of a run out of its notebook, in place. Identifiers of views, which are
 * random, become numbers made of the notebook's name and their order, so that views that refer to each other still do.
 *
 * @param name makes the identifiers: those of two notebooks differ
 * @param root absolute path of the checkout; `.` stands for it in outputs
 */
export function settle(notebook: Notebook, { name, root }: { name: string; root: string }): void {
  delete notebook.metadata['latentlab'];
  const ids = new Map<string, string>();
  const settled = (text: string) =>
    text
      .replaceAll(root, '.')
      .replaceAll(homedir(), '~')
      .replace(OF_THE_MACHINE, '')
      .replace(UUID, (id) => {
        if (!ids.has(id)) ids.set(id, identifier(`${name}:${ids.size}`));
        return ids.get(id)!;
      });
  for (const cell of notebook.cells.filter(isCode)) {
    delete cell.metadata['execution'];
    cell.outputs = cell.outputs.map((output) => settledValue(output, settled) as Output);
  }
}

function settledValue(value: unknown, settled: (text: string) => string): unknown {
  if (typeof value === 'string') return value.length < 10_000 ? settled(value) : value;
  if (Array.isArray(value)) return value.map((part) => settledValue(part, settled));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !OF_THE_RUN.has(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, settledValue(part, settled)]));
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** In the form of a UUID, which views have. */
function identifier(text: string): string {
  const hex = digest(text);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** Changes with the code of the cells, and with nothing else: outputs belong to one code. */
export function codeDigest(cells: readonly CodeCell[]): string {
  return digest(JSON.stringify(cells.map(({ source }) => [source].flat().join(''))));
}
