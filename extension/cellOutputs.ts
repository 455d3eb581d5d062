/** What a kernel says of one run of a cell → the cell's outputs. */
import * as vscode from 'vscode';
import {
  isTextMime,
  type CellError,
  type Display,
  type KernelMessage,
  type MimeBundle,
  type Stream,
} from '../kernel/protocol';
import { withLinks } from './stackLinks';

/** How long the last run's outputs stay when the new one has shown nothing: a cell that is run again does not flash. */
const STALE_MS = 500;

interface StreamOutput {
  name: Stream['name'];
  late: boolean;
  output: vscode.NotebookCellOutput;
  /** What it holds without the end of a very long stream. */
  text: string;
}

export class CellOutputs {
  private readonly displayed = new Map<string, vscode.NotebookCellOutput>();
  private stream: StreamOutput | undefined;
  /** Where the ends of very long streams stand. */
  private readonly ends = new Map<Stream['name'], StreamOutput>();
  private fresh = false;
  private last: Thenable<void> = Promise.resolve();
  private readonly staleTimer: NodeJS.Timeout;

  /** @param onWhole hears where all of what the cell printed stands, when the document holds a part of it */
  constructor(
    private execution: vscode.NotebookCellExecution,
    private readonly onWhole: (file: string) => void,
  ) {
    this.staleTimer = setTimeout(() => this.begin(), STALE_MS);
  }

  /** Resumes where it stopped: a run that has ended prints more. */
  resume(execution: vscode.NotebookCellExecution): void {
    this.execution = execution;
  }

  receive(message: KernelMessage): void {
    if (message.type === 'stream') this.write(message);
    else if (message.type === 'display') this.display(message);
  }

  /** The cell failed. A cell that did not even parse keeps the outputs it had. */
  fail(error: CellError): void {
    const { notebook } = this.execution.cell;
    const stack = vscode.workspace.isTrusted ? withLinks(error.stack, notebook) : error.stack;
    const shown = Object.assign(new Error(error.message), { name: error.name, stack });
    // VS Code saves this in the place of what is shown.
    const traceback = (error.stack || `${error.name}: ${error.message}`).split('\n');
    const originalError = { output_type: 'error', ename: error.name, evalue: error.message, traceback };
    const item = vscode.NotebookCellOutputItem.error(shown);
    const output = new vscode.NotebookCellOutput([item], { outputType: 'error', originalError });
    if (error.kind === 'syntax' && !this.fresh) {
      this.fresh = true;
      const earlier = this.execution.cell.outputs.filter((known) => known.metadata?.outputType !== 'error');
      this.last = this.execution.replaceOutput([...earlier, output]);
    } else {
      this.append(output);
    }
  }

  /** @returns when everything has arrived in the document */
  async finish(): Promise<void> {
    this.dispose();
    this.begin();
    await this.last;
  }

  /** The last run's outputs stay, if they still do. */
  dispose(): void {
    clearTimeout(this.staleTimer);
  }

  private write(message: Stream): void {
    if (message.end) this.writeEnd(message);
    else this.writePiece(message);
  }

  private writePiece({ name, text, late = false }: Stream): void {
    const item = vscode.NotebookCellOutputItem[name](text);
    if (this.stream?.name === name && this.stream.late === late) {
      this.stream.text += text;
      this.last = this.execution.appendOutputItems(item, this.stream.output);
      return;
    }
    const output = new vscode.NotebookCellOutput([item], { outputType: 'stream' });
    this.append(output);
    this.stream = { name, late, output, text };
  }

  /** What stood before it stays, the end that was there goes. */
  private writeEnd({ name, text, late = false, end }: Stream): void {
    if (end?.file !== undefined) this.onWhole(end.file);
    let known = this.ends.get(name);
    if (!known) {
      if (this.stream?.name !== name || this.stream.late !== late)
        this.writePiece({ type: 'stream', name, text: '', late });
      known = this.stream!;
      this.ends.set(name, known);
    }
    const item = vscode.NotebookCellOutputItem[name](known.text + text);
    this.last = this.execution.replaceOutputItems(item, known.output);
  }

  private display({ displayId, update, bundle, isResult }: Display): void {
    const items = itemsOf(bundle);
    const known = this.displayed.get(displayId);
    if (known && update) {
      this.last = this.execution.replaceOutputItems(items, known);
      return;
    }
    const outputType = isResult ? 'execute_result' : 'display_data';
    const executionCount = isResult ? this.execution.executionOrder : undefined;
    const output = new vscode.NotebookCellOutput(items, { outputType, executionCount });
    this.displayed.set(displayId, output);
    this.append(output);
  }

  private append(output: vscode.NotebookCellOutput): void {
    this.stream = undefined;
    if (this.fresh) {
      this.last = this.execution.appendOutput(output);
    } else {
      this.fresh = true;
      this.last = this.execution.replaceOutput(output);
    }
  }

  /** Leaves the last run's outputs behind. */
  private begin(): void {
    if (this.fresh) return;
    this.fresh = true;
    this.last = this.execution.clearOutput();
  }
}

function itemsOf(bundle: MimeBundle): vscode.NotebookCellOutputItem[] {
  return Object.entries(bundle).map(([mime, value]) => {
    if (isBinaryImage(mime) && typeof value === 'string') {
      return new vscode.NotebookCellOutputItem(Buffer.from(value, 'base64'), mime);
    }
    return typeof value === 'string'
      ? vscode.NotebookCellOutputItem.text(value, mime)
      : vscode.NotebookCellOutputItem.json(value, mime);
  });
}

/** Pictures that are text (SVG, XPM) come as text, all others as base64. */
function isBinaryImage(mime: string): boolean {
  return mime.startsWith('image/') && !isTextMime(mime);
}
