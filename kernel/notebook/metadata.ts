import { createHash } from 'node:crypto';
import type { DeviceSummary } from '../protocol';
import { joined, setField } from './format';
import type { Cell, Notebook } from './format';
import { NotebookError } from './read';

export type Language = 'typescript' | 'javascript';

const KERNELSPEC = { display_name: 'TypeScript (LatentLab)', language: 'typescript', name: 'latentlab' };
const LANGUAGE_INFO = { file_extension: '.ts', mimetype: 'text/typescript', name: 'typescript' };

/** What a run leaves in the notebook's metadata, under `latentlab`. */
export interface RunRecord {
  /** Rung of the device ladder, for example `traced-cpu`. */
  device: string;
  device_description: string;
  /** ISO 8601. */
  finished: string;
  node: string;
  seconds: number;
}

/** @throws NotebookError when the notebook is written in a language that this kernel does not run */
export function requireLanguage({ metadata }: Notebook, path: string): Language {
  const info = (metadata.language_info as { name?: unknown } | undefined)?.name;
  const spec = (metadata.kernelspec as { language?: unknown } | undefined)?.language;
  const found = String(info ?? spec ?? 'typescript').toLowerCase();
  if (found === 'typescript' || found === 'javascript') return found;
  throw new NotebookError(`${path} is a notebook in ${found}; LatentLab runs typescript and javascript`);
}

/** The language of one cell, which VS Code notes where it differs from the notebook's; undefined for any other one. */
export function cellLanguage(cell: Cell, notebook: Language): Language | undefined {
  const named = (cell.metadata.vscode as { languageId?: unknown } | undefined)?.languageId ?? notebook;
  return named === 'typescript' || named === 'javascript' ? named : undefined;
}

/** Names kernel and language where the notebook does not, gives ids to cells where the format asks for them. */
export function completeMetadata(notebook: Notebook): void {
  const { metadata } = notebook;
  if (metadata.kernelspec === undefined) setField(metadata, 'kernelspec', { ...KERNELSPEC });
  if (metadata.language_info === undefined) setField(metadata, 'language_info', { ...LANGUAGE_INFO });
  if (notebook.nbformat_minor < 5) return;
  const taken = new Set(notebook.cells.map((cell) => cell.id));
  notebook.cells.forEach((cell, index) => {
    if (cell.id === undefined) setField(cell, 'id', newId(`${index}:${joined(cell.source)}`, taken));
  });
}

export function recordRun(notebook: Notebook, device: DeviceSummary, node: string, seconds: number): void {
  const record: RunRecord = {
    device: device.name,
    device_description: device.description,
    finished: new Date().toISOString(),
    node,
    seconds: Math.round(seconds * 10) / 10,
  };
  setField(notebook.metadata, 'latentlab', record);
}

/** Eight hexadecimal digits made from the cell itself, so that a run twice over gives the same ids. */
export function newId(seed: string, taken: Set<string | undefined>): string {
  for (let salt = 0; ; salt++) {
    const id = createHash('sha256').update(`${salt}:${seed}`).digest('hex').slice(0, 8);
    if (!taken.has(id)) {
      taken.add(id);
      return id;
    }
  }
}
