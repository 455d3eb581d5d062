/** A notebook in the editor as it would be saved to an `.ipynb` file, edits and outputs included. */
import * as vscode from 'vscode';

const STREAMS: Record<string, string> = {
  'application/vnd.code.notebook.stdout': 'stdout',
  'application/vnd.code.notebook.stderr': 'stderr',
};
const ERROR = 'application/vnd.code.notebook.error';

const decoder = new TextDecoder();

export function nbformatOf(notebook: vscode.NotebookDocument): string {
  const inner = (notebook.metadata['metadata'] ?? {}) as Record<string, unknown>;
  const metadata = { language_info: { name: 'typescript' }, ...inner };
  const cells = notebook.getCells().map(cellOf);
  return JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 4 });
}

function cellOf(cell: vscode.NotebookCell): object {
  const { kind, document, metadata, executionSummary, outputs } = cell;
  const source = document.getText().replaceAll('\r\n', '\n');
  const own = (metadata['metadata'] ?? {}) as Record<string, unknown>;
  if (kind === vscode.NotebookCellKind.Markup) {
    const { attachments } = metadata;
    return {
      cell_type: 'markdown',
      metadata: own,
      source,
      ...(attachments ? { attachments: attachments as object } : {}),
    };
  }
  const language = document.languageId;
  if (language === 'raw' || language === 'yaml' || language === 'toml')
    return { cell_type: 'raw', metadata: own, source };
  const order = executionSummary?.executionOrder ?? null;
  return {
    cell_type: 'code',
    metadata: language === 'typescript' ? own : { ...own, vscode: { languageId: language } },
    source,
    execution_count: order,
    outputs: outputs.flatMap(outputsOf),
  };
}

function outputsOf({ items, metadata }: vscode.NotebookCellOutput): object[] {
  const streams = items.filter(({ mime }) => mime in STREAMS);
  if (streams.length > 0) {
    return streams.map(({ mime, data }) => ({
      output_type: 'stream',
      name: STREAMS[mime],
      text: decoder.decode(data),
    }));
  }
  const error = items.find(({ mime }) => mime === ERROR);
  if (error) {
    const { name = 'Error', message = '', stack = '' } = JSON.parse(decoder.decode(error.data)) as Partial<Error>;
    return [
      { output_type: 'error', ename: name, evalue: message, traceback: (stack || `${name}: ${message}`).split('\n') },
    ];
  }
  const data = Object.fromEntries(items.map((item) => [item.mime, datumOf(item)]));
  return [{ output_type: 'display_data', data, metadata: metadata?.['metadata'] ?? {} }];
}

function datumOf({ mime, data }: vscode.NotebookCellOutputItem): unknown {
  if (/[/+]json$/.test(mime)) return JSON.parse(decoder.decode(data)) as unknown;
  const isText = mime.startsWith('text/') || mime === 'image/svg+xml';
  return isText ? decoder.decode(data) : Buffer.from(data).toString('base64');
}
