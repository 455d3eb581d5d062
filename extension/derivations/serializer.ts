/** Notes in Markdown as notebooks: what nobody edited is saved as it was, byte for byte. */
import * as vscode from 'vscode';
import {
  DerivationError,
  readDerivation,
  writeDerivation,
  type DerivationCell,
  type Origin,
} from '../../kernel/notebook/derivations/derivation';
import { tagsIn } from '../notebookMetadata';
import { DERIVATION_TYPE, KERNEL_NAME } from '../notebookTypes';

/** As in notebooks of `.ipynb`, whose kernel the metadata name. */
const METADATA = { metadata: { kernelspec: { name: KERNEL_NAME, language: 'typescript' } } };

export function registerDerivations(): vscode.Disposable {
  // Outputs are no part of the file: that they change is no reason to save it.
  return vscode.workspace.registerNotebookSerializer(
    DERIVATION_TYPE,
    { deserializeNotebook, serializeNotebook },
    {
      transientOutputs: true,
    },
  );
}

function deserializeNotebook(bytes: Uint8Array): vscode.NotebookData {
  try {
    const cells = readDerivation(bytes).map(dataOf);
    return Object.assign(new vscode.NotebookData(cells), { metadata: METADATA });
  } catch (error) {
    if (!(error instanceof DerivationError)) throw error;
    throw new Error(
      vscode.l10n.t(
        'The file is not UTF-8 text, so saving it would change it. Open it as text, and save it with the encoding UTF-8.',
      ),
      { cause: error },
    );
  }
}

function serializeNotebook({ cells }: vscode.NotebookData): Uint8Array {
  return writeDerivation(cells.map(cellOf));
}

function dataOf({ kind, language, text, tags, origin }: DerivationCell): vscode.NotebookCellData {
  const { Code, Markup } = vscode.NotebookCellKind;
  const data = new vscode.NotebookCellData(kind === 'code' ? Code : Markup, text, language);
  // Where notebooks of `.ipynb` have them.
  data.metadata = { origin, ...(tags && { metadata: { tags: [...tags] } }) };
  return data;
}

function cellOf({ kind, languageId: language, value: text, metadata }: vscode.NotebookCellData): DerivationCell {
  const origin = metadata?.['origin'] as Origin | undefined;
  const tags = tagsIn(metadata);
  const cellKind = kind === vscode.NotebookCellKind.Code ? 'code' : 'markdown';
  return { kind: cellKind, language, text, ...(tags.length > 0 && { tags }), origin };
}
