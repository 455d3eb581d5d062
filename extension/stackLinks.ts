/**
 * Places in an error's stack as links, in the form that VS Code's own renderer of errors takes in a trusted workspace. The
 * saved file has the stack without them.
 */
import * as vscode from 'vscode';

/** A link longer than this, with its line, VS Code shows as the text that it is. */
const LONGEST_LINE = 1900;
const CELL_PLACE = /\bcell (\d+):(\d+):(\d+)/g;
/** A file in a frame; with these characters in its name the link would lead elsewhere. */
const FILE_PLACE = /(?<=^\s+at .*?[( ]|^\s+at )((?:\/|[A-Za-z]:\\)[^()'"<>#%]+?):(\d+):(\d+)(?=\)?$)/;

/** @param notebook the one whose cells the stack names, by their numbers as readers count */
export function withLinks(stack: string, notebook: vscode.NotebookDocument): string {
  const cells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  return stack
    .split('\n')
    .map((line) => {
      const linked = line
        .replace(FILE_PLACE, (place, file: string, row: string, column: string) =>
          link(`${file}:${row}:${column}`, place),
        )
        .replace(CELL_PLACE, (place, number: string, row: string) => {
          const cell = cells[Number(number) - 1];
          // Lines of this address are counted from 0.
          return cell ? link(`${cell.document.uri.toString()}?line=${Number(row) - 1}`, place) : place;
        });
      return linked.length > LONGEST_LINE ? line : linked;
    })
    .join('\n');
}

function link(address: string, text: string): string {
  return `<a href='${address.replaceAll("'", '%27')}'>${text}</a>`;
}
