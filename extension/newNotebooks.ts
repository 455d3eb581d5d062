/** Notebooks that the extension makes: untitled, with TypeScript cells and our kernel. */
import * as vscode from 'vscode';
import { CONTROLLER_IDS, NOTEBOOK_TYPE } from './notebookTypes';

/** As the serializer of `.ipynb` files keeps it. */
const TYPESCRIPT_NOTEBOOK = {
  metadata: {
    kernelspec: { name: 'latentlab', display_name: 'LatentLab (TypeScript)', language: 'typescript' },
    language_info: { name: 'typescript' },
  },
};

/** Opens these cells as a notebook that has no file yet, with our kernel. */
export async function showNewNotebook(
  cells: vscode.NotebookCellData[],
  extensionId: string,
  options: vscode.NotebookDocumentShowOptions = {},
): Promise<vscode.NotebookEditor> {
  const content = Object.assign(new vscode.NotebookData(cells), { metadata: TYPESCRIPT_NOTEBOOK });
  const notebook = await vscode.workspace.openNotebookDocument(NOTEBOOK_TYPE, content);
  const editor = await vscode.window.showNotebookDocument(notebook, options);
  await vscode.commands.executeCommand('notebook.selectKernel', {
    id: CONTROLLER_IDS[NOTEBOOK_TYPE],
    extension: extensionId,
    editor,
  });
  return editor;
}
