/** Carries live frames from kernels to the renderers, and the renderers' questions back. */
import * as vscode from 'vscode';
import type { ToRenderer, TrainOnSelection, ViewRequestMessage } from '../kernel/protocol';
import { messageOf } from './kernelProcess';
import type { Kernels } from './kernels';
import { isOpenNotebook, openRunNotebook } from './openRunNotebook';
import { isRevealCell, revealCell } from './revealCell';

export const RENDERER_ID = 'latentlab-renderer';

export function connectRenderers(kernels: Kernels): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging(RENDERER_ID);

  const tell = (notebook: vscode.NotebookDocument, message: ToRenderer) => {
    for (const editor of vscode.window.visibleNotebookEditors) {
      if (editor.notebook === notebook) void messaging.postMessage(message, editor);
    }
  };

  const answer = async (editor: vscode.NotebookEditor, { requestId, viewId, request }: ViewRequestMessage) => {
    let message: ToRenderer;
    try {
      const kernel = kernels.known(editor.notebook);
      if (!kernel) throw new Error(vscode.l10n.t('No kernel is running. Run the cell again to make this view live.'));
      message = { type: 'viewResponse', requestId, result: await kernel.request(viewId, request) };
    } catch (error) {
      message = { type: 'viewResponse', requestId, error: messageOf(error) };
    }
    await messaging.postMessage(message, editor);
  };

  const train = (notebook: vscode.NotebookDocument, { viewId, expression }: TrainOnSelection) =>
    void vscode.commands.executeCommand('latentlab.trainVaeOnSelection', {
      expression,
      cell: cellShowing(notebook, viewId),
    });

  return vscode.Disposable.from(
    messaging.onDidReceiveMessage(({ editor, message }) => {
      if (isViewRequest(message)) void answer(editor, message);
      else if (isTrainOnSelection(message)) train(editor.notebook, message);
      else if (isRevealCell(message)) void revealCell(editor, message);
      else if (isOpenNotebook(message)) void openRunNotebook(editor, message);
    }),
    kernels.onCreate(({ notebook, kernel }) => {
      kernel.onMessage((message) => {
        if (message.type === 'viewFrame' || message.type === 'viewChange') tell(notebook, message);
      });
      kernel.onEnd(() => tell(notebook, { type: 'kernelGone' }));
    }),
  );
}

function isViewRequest(message: unknown): message is ViewRequestMessage {
  const known = message as Partial<ViewRequestMessage> | null;
  return (
    known?.type === 'viewRequest' &&
    typeof known.requestId === 'string' &&
    typeof known.viewId === 'string' &&
    typeof known.request === 'object'
  );
}

function isTrainOnSelection(message: unknown): message is TrainOnSelection {
  const known = message as Partial<TrainOnSelection> | null;
  return known?.type === 'trainOnSelection' && typeof known.viewId === 'string' && typeof known.expression === 'string';
}

/** The cell whose output holds a view: ids stand in the JSON of views. */
function cellShowing(notebook: vscode.NotebookDocument, viewId: string): vscode.NotebookCell | undefined {
  const id = Buffer.from(JSON.stringify(viewId));
  return notebook
    .getCells()
    .find(({ outputs }) =>
      outputs.some(({ items }) =>
        items.some(({ mime, data }) => mime.startsWith('application/vnd.latentlab.') && Buffer.from(data).includes(id)),
      ),
    );
}
