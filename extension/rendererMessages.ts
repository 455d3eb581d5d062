/** Carries live frames from kernels to the renderers, and the renderers' questions back. */
import * as vscode from 'vscode';
import type { ToRenderer, ViewRequestMessage } from '../kernel/protocol';
import { messageOf } from './kernelProcess';
import type { Kernels } from './kernels';
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

  return vscode.Disposable.from(
    messaging.onDidReceiveMessage(({ editor, message }) => {
      if (isViewRequest(message)) void answer(editor, message);
      else if (isRevealCell(message)) void revealCell(editor, message);
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
