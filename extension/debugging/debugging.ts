/** Debugging of notebooks: a session of VS Code's debugger on the kernel that runs, whose end leaves the kernel as it is. */
import * as vscode from 'vscode';
import type { Kernels } from '../kernels';
import { KernelDebugAdapter } from './kernelDebugAdapter';

export const DEBUG_TYPE = 'latentlab';

/** What a session is about, in its configuration. */
interface Configuration extends vscode.DebugConfiguration {
  /** The notebook's address. */
  notebook: string;
}

interface Debugged {
  session: vscode.DebugSession;
  adapter: KernelDebugAdapter;
}

export class Debugging implements vscode.Disposable {
  private readonly debugged = new Map<vscode.NotebookDocument, Debugged>();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly kernels: Kernels) {
    this.subscriptions = vscode.Disposable.from(
      vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
        createDebugAdapterDescriptor: (session) => this.connect(session),
      }),
      vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, {
        resolveDebugConfiguration: (_folder, configuration) => resolved(configuration),
      }),
      vscode.debug.onDidTerminateDebugSession((session) => this.terminated(session)),
      kernels.onCreate(({ notebook, kernel }) => kernel.onEnd(() => this.debugged.get(notebook)?.adapter.end())),
    );
  }

  /** The session on a notebook's kernel. */
  sessionOf(notebook: vscode.NotebookDocument): vscode.DebugSession | undefined {
    return this.debugged.get(notebook)?.session;
  }

  /** Attaches the debugger to the notebook's kernel, which is started if there is none. Returns whether it is there. */
  async attach(notebook: vscode.NotebookDocument): Promise<boolean> {
    if (!this.debugged.has(notebook)) {
      const folder = vscode.workspace.getWorkspaceFolder(notebook.uri);
      const configuration = configurationFor(notebook);
      if (!(await vscode.debug.startDebugging(folder, configuration, { suppressSaveBeforeStart: true }))) return false;
    }
    await this.debugged.get(notebook)?.adapter.configured;
    return this.debugged.has(notebook);
  }

  /** Ends the session; the kernel continues. */
  async detach(notebook: vscode.NotebookDocument): Promise<void> {
    const session = this.sessionOf(notebook);
    if (session) await vscode.debug.stopDebugging(session);
  }

  /** A cell is about to run. */
  async beforeRun(cell: vscode.NotebookCell): Promise<void> {
    await this.debugged.get(cell.notebook)?.adapter.refresh(cell);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** @throws Error saying why there is no kernel: an untrusted workspace, say */
  private async connect(session: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
    const { notebook: address } = session.configuration as Configuration;
    const notebook = vscode.workspace.notebookDocuments.find(({ uri }) => uri.toString() === address);
    if (!notebook) throw new Error(vscode.l10n.t('The notebook {0} is not open.', address));
    const client = await this.kernels.of(notebook).start();
    const adapter = new KernelDebugAdapter(client, notebook);
    this.debugged.set(notebook, { session, adapter });
    return new vscode.DebugAdapterInlineImplementation(adapter);
  }

  private terminated(session: vscode.DebugSession): void {
    for (const [notebook, debugged] of this.debugged) {
      if (debugged.session !== session) continue;
      debugged.adapter.dispose();
      this.debugged.delete(notebook);
    }
  }
}

function configurationFor(notebook: vscode.NotebookDocument): Configuration {
  return {
    type: DEBUG_TYPE,
    request: 'attach',
    name: vscode.l10n.t('LatentLab kernel'),
    notebook: notebook.uri.toString(),
    internalConsoleOptions: 'neverOpen',
  };
}

/** A configuration that names no notebook means the one in view. */
function resolved(configuration: vscode.DebugConfiguration): vscode.DebugConfiguration | undefined {
  if (configuration.notebook) return configuration;
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  if (notebook) return { ...configurationFor(notebook), ...configuration, request: 'attach' };
  void vscode.window.showInformationMessage(vscode.l10n.t('Open a notebook to debug its kernel.'));
  return undefined;
}
