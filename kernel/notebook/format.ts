/** The notebook format, nbformat 4: what LatentLab reads and writes of it. Unknown fields are let through. */
import { z } from 'zod';

/** Text as nbformat stores it: one string, or its lines, each with its line break. */
const multiline = z.union([z.string(), z.array(z.string())]);
const metadata = z.looseObject({});
const bundle = z.record(z.string(), z.unknown());

const output = z.discriminatedUnion('output_type', [
  z.looseObject({ output_type: z.literal('stream'), name: z.string(), text: multiline }),
  z.looseObject({ output_type: z.literal('display_data'), data: bundle, metadata }),
  z.looseObject({
    output_type: z.literal('execute_result'),
    execution_count: z.number().nullable(),
    data: bundle,
    metadata,
  }),
  z.looseObject({
    output_type: z.literal('error'),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

const cellFields = { id: z.string().optional(), metadata, source: multiline };
const attachments = z.record(z.string(), bundle).optional();

const cell = z.discriminatedUnion('cell_type', [
  z.looseObject({ cell_type: z.literal('markdown'), ...cellFields, attachments }),
  z.looseObject({ cell_type: z.literal('raw'), ...cellFields, attachments }),
  z.looseObject({
    cell_type: z.literal('code'),
    ...cellFields,
    execution_count: z.number().nullable(),
    outputs: z.array(output),
  }),
]);

export const notebookSchema = z.looseObject({
  nbformat: z.literal(4),
  nbformat_minor: z.number().int(),
  metadata,
  cells: z.array(cell),
});

export type Notebook = z.infer<typeof notebookSchema>;
export type Cell = z.infer<typeof cell>;
export type CodeCell = Extract<Cell, { cell_type: 'code' }>;
export type Output = z.infer<typeof output>;
export type DisplayOutput = Extract<Output, { output_type: 'display_data' | 'execute_result' }>;
export type Multiline = z.infer<typeof multiline>;

export const joined = (text: Multiline): string => (typeof text === 'string' ? text : text.join(''));

/** The lines of a text, each with its line break, as Jupyter stores them; none for the empty text. */
export const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

export const isCode = (one: Cell): one is CodeCell => one.cell_type === 'code';

/** Tags of a cell, such as `raises-exception`. */
export function tags(one: Cell): string[] {
  const { tags: found } = one.metadata;
  return Array.isArray(found) ? found.filter((tag) => typeof tag === 'string') : [];
}

/**
 * Sets a field of a JSON object; a new key goes to its alphabetical place where the keys are in that order, as Jupyter
 * and VS Code write them, else to the end.
 */
export function setField(target: Record<string, unknown>, key: string, value: unknown): void {
  const isNew = !(key in target);
  target[key] = value;
  if (!isNew) return;
  const others = Object.keys(target).slice(0, -1);
  if (others.some((other, i) => i > 0 && other < others[i - 1]!)) return;
  for (const later of others.filter((other) => other > key)) {
    const moved = target[later];
    delete target[later];
    target[later] = moved;
  }
}
