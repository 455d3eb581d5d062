import { isTextMime, type CellError, type Display, type MimeBundle, type Started, type Stream } from '../protocol';
import { physicalSize } from './png';
import { joined, lines } from './format';
import type { CodeCell, DisplayOutput, Output } from './format';

type StreamOutput = Extract<Output, { output_type: 'stream' }>;

/**
 * Turns a kernel's messages into the outputs of code cells as nbformat has them. Keys are in alphabetical order, as
 * Jupyter writes them.
 */
export class OutputAssembler {
  /** Where each display is shown, so that a later cell can update it; never written to the file. */
  private readonly displays = new Map<string, DisplayOutput[]>();
  private readonly cells = new Map<string, CodeCell>();
  /** What cells printed when they had ended. */
  private readonly late = new WeakSet<StreamOutput>();
  /** Where the end of a long stream stands, and the lines before it. */
  private readonly ends = new Map<string, { output: StreamOutput; head: string[] }>();
  private latest: CodeCell | undefined;

  /** Empties the cell's outputs; messages of execution `id` go to it from now on. */
  start(id: string, cell: CodeCell): void {
    cell.outputs = [];
    cell.execution_count = null;
    this.cells.set(id, cell);
    this.latest = cell;
  }

  started({ id, executionOrder }: Started): void {
    const cell = this.cells.get(id);
    if (cell) cell.execution_count = executionOrder;
  }

  /** Pieces of one stream that follow each other become one output; a piece without a cell goes to the latest. */
  stream({ id, name, text, late = false, end }: Stream): void {
    const cell = (id === undefined ? undefined : this.cells.get(id)) ?? this.latest;
    if (!cell || text === '') return;
    const known = end && this.ends.get(`${id} ${name}`);
    if (known) {
      known.output.text = [...known.head];
      append(known.output, text);
      return;
    }
    const last = cell.outputs.at(-1);
    const goesOn = last?.output_type === 'stream' && last.name === name && this.late.has(last) === late;
    const output: StreamOutput = goesOn ? last : { name, output_type: 'stream', text: [] };
    if (end) this.ends.set(`${id} ${name}`, { output, head: [output.text].flat() });
    append(output, text);
    if (goesOn) return;
    if (late) this.late.add(output);
    cell.outputs.push(output);
  }

  display({ id, displayId, update, bundle, isResult }: Display): void {
    const content = { data: toData(bundle), metadata: metadataOf(bundle) };
    const shown = this.displays.get(displayId) ?? [];
    if (update) {
      for (const output of shown) Object.assign(output, content);
      return;
    }
    const cell = this.cells.get(id);
    if (!cell) return;
    const { data, metadata } = content;
    const output: DisplayOutput = isResult
      ? { data, execution_count: cell.execution_count, metadata, output_type: 'execute_result' }
      : { data, metadata, output_type: 'display_data' };
    cell.outputs.push(output);
    this.displays.set(displayId, [...shown, output]);
  }

  error(id: string, { name, message, stack }: CellError): void {
    const traceback = (stack || `${name}: ${message}`).split('\n');
    this.cells.get(id)?.outputs.push({ ename: name, evalue: message, output_type: 'error', traceback });
  }
}

/** Adds to a stream's last line, so that many small pieces cost no more than their own length. */
function append(output: StreamOutput, text: string): void {
  const kept = typeof output.text === 'string' ? lines(output.text) : output.text;
  const last = kept.at(-1);
  if (last === undefined || last.endsWith('\n')) kept.push(...lines(text));
  else {
    kept.pop();
    kept.push(...lines(last + text));
  }
  output.text = kept;
}

/** A bundle as nbformat stores it: texts as lines, binary images as base64 strings, JSON as it is. */
function toData(bundle: MimeBundle): Record<string, unknown> {
  const sorted = Object.entries(bundle).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([mime, value]) => [mime, toDatum(mime, value)]));
}

function toDatum(mime: string, value: unknown): unknown {
  if (typeof value !== 'string' || mime === 'application/json' || mime.endsWith('+json')) return value;
  return isTextMime(mime) ? lines(value) : value;
}

/** The size at which a picture is to be shown, where the file says that it has more than one pixel a CSS pixel. */
function metadataOf(bundle: MimeBundle): Record<string, unknown> {
  const png = bundle['image/png'];
  const size = typeof png === 'string' ? physicalSize(png) : undefined;
  return size ? { 'image/png': size } : {};
}

/** A value of a bundle as text, however it is stored. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every((line) => typeof line === 'string')
    ? joined(value)
    : (JSON.stringify(value) ?? '');
}
