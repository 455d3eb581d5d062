import * as vscode from 'vscode';
import { CONTROLLER_IDS, NOTEBOOK_TYPES } from './notebookTypes';

/** One controller for each type of notebooks, as one. */
export class Controllers implements vscode.Disposable {
  private readonly byType: ReadonlyMap<string, vscode.NotebookController>;
  private readonly selection = new vscode.EventEmitter<{ notebook: vscode.NotebookDocument; selected: boolean }>();
  readonly onDidChangeSelectedNotebooks = this.selection.event;

  /** @param label what people read in the list of kernels */
  constructor(label: string, complete: (controller: vscode.NotebookController) => void) {
    this.byType = new Map(
      NOTEBOOK_TYPES.map((type) => {
        const controller = vscode.notebooks.createNotebookController(CONTROLLER_IDS[type]!, type, label);
        complete(controller);
        controller.onDidChangeSelectedNotebooks((change) => this.selection.fire(change));
        return [type, controller] as const;
      }),
    );
  }

  createNotebookCellExecution(cell: vscode.NotebookCell): vscode.NotebookCellExecution {
    return this.of(cell.notebook).createNotebookCellExecution(cell);
  }

  updateNotebookAffinity(notebook: vscode.NotebookDocument, affinity: vscode.NotebookControllerAffinity): void {
    this.of(notebook).updateNotebookAffinity(notebook, affinity);
  }

  dispose(): void {
    for (const controller of this.byType.values()) controller.dispose();
    this.selection.dispose();
  }

  private of({ notebookType }: vscode.NotebookDocument): vscode.NotebookController {
    const controller = this.byType.get(notebookType);
    if (!controller) throw new Error(`LatentLab has no kernel for notebooks of the type ${notebookType}.`);
    return controller;
  }
}
