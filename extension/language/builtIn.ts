/** VS Code's own TypeScript: tells its plugin of ours which notebooks it leaves to us, and says where it cannot. */
import * as vscode from 'vscode';

const PLUGIN = 'latentlab-typescript-plugin';
const EXTENSION = 'vscode.typescript-language-features';

/** What that extension's `getAPI(0)` gives. */
interface TypeScriptApi {
  configurePlugin(plugin: string, configuration: { enabled: boolean; notebooks: string[] }): void;
}

/** The plugin knows a notebook on disk that names our kernel; it hears of one that only uses it, or has no file. */
export async function leaveToUs(enabled: boolean, notebooks: readonly vscode.NotebookDocument[]): Promise<void> {
  const extension = vscode.extensions.getExtension<{ getAPI?(version: 0): TypeScriptApi | undefined }>(EXTENSION);
  // Ours is no reason to start it; it starts with the first cell of TypeScript that is shown.
  if (!extension || notebooks.length === 0) return;
  const exported = extension.isActive ? extension.exports : await extension.activate();
  exported?.getAPI?.(0)?.configurePlugin(PLUGIN, { enabled, notebooks: notebooks.map(({ uri }) => uri.path) });
}

/** TypeScript 7's server takes no plugins. */
export function isDoubled(): boolean {
  const settings = ['typescript.experimental.useTsgo', 'js/ts.experimental.useTsgo'];
  return settings.some((name) => vscode.workspace.getConfiguration().get(name, false));
}

const TOLD = 'latentlab.toldOfTypeScript7';

export async function tellOfDoubling(memento: vscode.Memento): Promise<void> {
  if (!isDoubled() || memento.get(TOLD, false)) return;
  await memento.update(TOLD, true);
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'TypeScript 7 (useTsgo) is on, and it does not support plugins. In LatentLab notebooks, VS Code then adds its own completions, hovers and syntax errors to those of LatentLab. Only LatentLab’s know the other cells.',
    ),
  );
}
