/** "Set Up tfjs-node", "Set Up GPU", "Set Up WebGPU": fetches what a device of the ladder needs into the extension's own storage. */
import path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../kernelProcess';
import { findNode } from '../nodePath';
import { readSettings } from '../settings';
import { assertTrusted } from '../trust';

/** What the commands know of the extension. */
export interface SetUpContext {
  /** The folder of the kernel's bundles. */
  programs: string;
  /** Variables that say where the storage is. */
  env: Readonly<Record<string, string>>;
}

export type SetUpResult = { exitCode: number | undefined } | { refused: string };

interface Plan {
  title: string;
  /** What will be fetched, and what has to be there. */
  detail: string;
  program: string;
  args: readonly string[];
}

/** @param args options of `npm run setup:tfjs-node`, which is then not asked for; see docs/tfjs-node.md */
export async function setUpTfjsNode(context: SetUpContext, args?: unknown): Promise<SetUpResult | undefined> {
  const chosen = isArguments(args) ? args : await chooseTensorFlow();
  if (!chosen) return undefined;
  const isGpu = chosen.includes('--gpu');
  const size = isGpu ? vscode.l10n.t('3.4 GB (6 GB on the disk)') : vscode.l10n.t('0.3 GB (0.8 GB on the disk)');
  return setUp(context, {
    title: isGpu ? 'tfjs-node-gpu' : 'tfjs-node',
    detail: vscode.l10n.t(
      'TensorFlow comes from the Python package index by pip, its JavaScript from the npm registry: {0}. A compiler then builds the binding, and a self-test tries it. Needed: Linux, Python 3, a C++ compiler, make, and npm beside Node.',
      size,
    ),
    program: 'setupTfjsNode.js',
    args: chosen,
  });
}

export function setUpWebgpu(context: SetUpContext): Promise<SetUpResult | undefined> {
  return setUp(context, {
    title: 'WebGPU',
    detail: vscode.l10n.t(
      'Dawn, an implementation of WebGPU, comes from the npm registry: some 50 MB (20 to 40 MB on the disk). A self-test tries it. Needed: a GPU with a driver for Vulkan, Direct3D 12 or Metal, and npm beside Node.',
    ),
    program: 'setupWebgpu.js',
    args: [],
  });
}

async function chooseTensorFlow(): Promise<string[] | undefined> {
  const items = [
    { label: 'tfjs-node', description: vscode.l10n.t('TensorFlow on the processor'), args: [] },
    { label: 'tfjs-node-gpu', description: vscode.l10n.t('TensorFlow on NVIDIA GPUs'), args: ['--gpu'] },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('LatentLab: Set Up tfjs-node') });
  return picked?.args;
}

/**
 * Says what will happen, and runs the program where its output can be read.
 *
 * @returns undefined when the user did not want it after all
 */
export async function setUp(
  { programs, env }: SetUpContext,
  { title, detail, program, args }: Plan,
): Promise<SetUpResult | undefined> {
  try {
    assertTrusted();
    const question = [vscode.l10n.t('Set up {0}?', title), detail].join(' ');
    const start = vscode.l10n.t('Set Up');
    const cancel = vscode.l10n.t('Cancel');
    if ((await vscode.window.showInformationMessage(question, start, cancel)) !== start) return undefined;
    const node = await findNode(readSettings().nodePath);
    const execution = new vscode.ProcessExecution(node, [path.join(programs, program), ...args], {
      // Harmless for Node, and makes VS Code's Electron behave as Node.
      env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    });
    const name = vscode.l10n.t('Set up {0}', title);
    const scope = vscode.workspace.workspaceFolders ? vscode.TaskScope.Workspace : vscode.TaskScope.Global;
    return { exitCode: await run(new vscode.Task({ type: 'latentlab' }, scope, name, 'LatentLab', execution)) };
  } catch (error) {
    const refused = messageOf(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('LatentLab: {0}', refused));
    return { refused };
  }
}

async function run(task: vscode.Task): Promise<number | undefined> {
  let started: vscode.TaskExecution | undefined;
  return new Promise((resolve, reject) => {
    // A quick one reports its end before its start.
    const subscription = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name !== task.name || (started && execution !== started)) return;
      subscription.dispose();
      resolve(exitCode);
    });
    vscode.tasks.executeTask(task).then((execution) => (started = execution), reject);
  });
}

function isArguments(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((argument) => typeof argument === 'string');
}
