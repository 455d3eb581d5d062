/** The extension as users get it: what is in the package, and that it works with nothing of the checkout beside it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { SetUpResult } from '../../extension/commands/setUp';
import { connectBridge } from '../host/bridge';
import {
  append,
  appendAndRun,
  closeAll,
  errorOf,
  EXTENSION_ID,
  latentlab,
  SHOWN_BY_FLAGSHIP,
  textOf,
  texts,
} from './notebooks';

/** What a package may weigh, in bytes. */
const LARGEST = 40e6;
/** More than anything but an activation that loads a compiler or the library takes; the number itself is printed. */
const ACTIVATION_MS = 1500;

const checkout = path.resolve(__dirname, '../../..');
const extension = vscode.extensions.getExtension(EXTENSION_ID)!;
const manifest = extension.packageJSON as Record<string, unknown>;
const inside = (...names: string[]) => path.join(extension.extensionPath, ...names);

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}

/** Names and versions of packages, as the notices list them. */
function noticed(): Map<string, string> {
  const notices = readFileSync(inside('THIRD-PARTY-NOTICES.txt'), 'utf8');
  return new Map([...notices.matchAll(/^(\S+) (\d\S*) \(.+\)$/gm)].map(([, name, version]) => [name!, version!]));
}

describe('the package', function () {
  this.timeout(10 * 60_000);

  after(closeAll);

  it('is what this suite runs: nothing of it lies in the checkout', () => {
    assert.match(path.relative(checkout, extension.extensionPath), /^\.\./);
    assert.equal(manifest['enabledApiProposals'], undefined);
  });

  it('is activated in little time, and loads nothing but its own script', async () => {
    assert.equal(extension.isActive, false);
    const before = new Set(Object.keys(require.cache));
    const start = process.cpuUsage();
    const { kernels } = await latentlab();
    const { user, system } = process.cpuUsage(start);
    const milliseconds = (user + system) / 1000;
    console.log(`activation: ${milliseconds.toFixed(0)} ms of the processor`);
    assert.ok(milliseconds < ACTIVATION_MS, `${milliseconds} ms`);
    const loaded = Object.keys(require.cache).filter((file) => !before.has(file));
    assert.deepEqual(
      loaded.filter((file) => file.startsWith(extension.extensionPath)),
      [inside('dist', 'extension', 'extension.cjs')],
    );
    assert.deepEqual(
      vscode.workspace.notebookDocuments.map((notebook) => kernels.known(notebook)),
      [],
    );
  });

  it('is small, and holds no other platform’s native parts, no source maps and no tests', () => {
    const { size } = statSync(process.env['LATENTLAB_VSIX']!);
    assert.ok(size <= LARGEST, `${size} bytes`);
    const files = filesOf(extension.extensionPath);
    const natives = files.filter((file) => /\.(node|dll|dylib|so(\.\d+)*)(\.br)?$/.test(file));
    const others = natives.filter((file) => {
      const ofPlatform = new RegExp(`${process.platform}[-/]${process.arch}`);
      return !ofPlatform.test(file);
    });
    assert.deepEqual(others, []);
    assert.deepEqual(natives.map((file) => path.basename(file).replace(/[.-].*/, '')).sort(), [
      'koffi',
      process.platform === 'win32' ? 'onnxruntime' : 'libonnxruntime',
      'onnxruntime_binding',
      'skia',
    ]);
    assert.deepEqual(
      files.filter((file) => /(?<!\.d\.ts)\.map$|(^|\/)(test|tests|__tests__)\/|\.test\.[jt]s$/.test(file)),
      [],
    );
  });

  it('names the licence of every package that is in it', () => {
    const known = noticed();
    const shipped = filesOf(inside('node_modules'))
      .filter((file) => /^(.*node_modules\/)?(@[^/]+\/)?[^@/][^/]*\/package\.json$/.test(file))
      .map((file) => JSON.parse(readFileSync(inside('node_modules', file), 'utf8')) as Record<string, string>)
      .filter(({ name }) => name !== 'latentlab-typescript-plugin');
    assert.ok(shipped.length > 20);
    assert.deepEqual(
      shipped.filter(({ name, version }) => known.get(name!) !== version).map(({ name }) => name),
      [],
    );
    // Those in the bundles: what the library depends on, and what the views are drawn with.
    const ours = JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8')) as { dependencies: object };
    const bundled = [...Object.keys(ours.dependencies), 'plotly.js', 'katex', 'd3-scale', 'ts-blank-space'];
    assert.deepEqual(
      bundled.filter((name) => !known.has(name)),
      [],
    );
  });

  it('shows its pictures, its icon and its walkthrough', () => {
    const readme = readFileSync(inside('readme.md'), 'utf8');
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, address]) => address!);
    assert.ok(pictures.length >= 2);
    for (const address of pictures) assert.match(address, /^(https:|data:image\/jpeg;base64,)/);
    const named = JSON.stringify(manifest).match(/docs\/[\w/-]+\.\w+/g)!;
    assert.ok(named.length >= 6);
    assert.deepEqual(
      named.filter((file) => !existsSync(inside(file))),
      [],
    );
  });

  it('runs the flagship notebook, a copy of the sample, with pictures and on native code', async () => {
    await vscode.commands.executeCommand('latentlab.openSample', 'vae.ipynb');
    const { notebook } = vscode.window.activeNotebookEditor!;
    // All of it, each training for three epochs: the suite of the samples trains to the end.
    const edit = new vscode.WorkspaceEdit();
    for (const { document } of notebook.getCells()) {
      for (const { index, 0: text } of document.getText().matchAll(/epochs: \d+/g)) {
        const range = new vscode.Range(document.positionAt(index), document.positionAt(index + text.length));
        edit.replace(document.uri, range, 'epochs: 3');
      }
    }
    assert.ok(edit.size >= 2);
    await vscode.workspace.applyEdit(edit);
    await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    const cells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
    assert.ok(cells.length > 5);
    assert.deepEqual(
      cells.filter(({ executionSummary }) => executionSummary?.success !== true).map((cell) => errorOf(cell)),
      [],
    );
    const shown = cells.flatMap(({ outputs }) => outputs).map(({ items }) => items.map(({ mime }) => mime));
    for (const mime of SHOWN_BY_FLAGSHIP) {
      const items = shown.find((mimes) => mimes.includes(mime));
      assert.ok(items?.includes('image/png'), `${mime}: ${items}`);
    }
    const { state, isKept } = (await latentlab()).kernels.of(notebook);
    assert.ok(isKept, 'the kernel would end with its window');
    assert.ok('device' in state && !['wasm', 'cpu'].includes(state.device.name), JSON.stringify(state));
  });

  it('has cells import the library, the tensors that it computes with, and files beside the notebook', async () => {
    const { notebook } = vscode.window.activeNotebookEditor!;
    const beside = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'beside.ts');
    const text = "import { tf } from 'latentlab';\nexport const one = (): tf.Tensor => tf.scalar(1);\n";
    await vscode.workspace.fs.writeFile(beside, new TextEncoder().encode(text));
    const code = `
      import * as all from '@tensorflow/tfjs'; import * as core from '@tensorflow/tfjs-core';
      import { one } from './beside'; import { tf as ours } from 'latentlab';
      [all.Tensor === ours.Tensor, core.Tensor === ours.Tensor, one() instanceof all.Tensor].join()`;
    const cell = await appendAndRun(notebook, code);
    assert.equal(errorOf(cell)?.stack, undefined);
    assert.equal(textOf(cell), "'true,true,true'");
    assert.deepEqual(texts(cell, 'application/vnd.code.notebook.error'), []);
  });

  it('knows the types of cells: the library’s, the tensors’ and Node’s', async () => {
    const { notebook } = vscode.window.activeNotebookEditor!;
    const { document } = await append(
      notebook,
      `import fs from 'node:fs'; import { VAE as Model, tf as tensors } from 'latentlab';
      const wrong: number = fs.existsSync('a');
      new Model({ input: 3, latent: 'two' });
      tensors.zeros([1, 3]).`,
    );
    const codes = await new Promise<unknown[]>((resolve) => {
      const look = () => {
        const found = vscode.languages.getDiagnostics(document.uri).map(({ code }) => code);
        if (found.filter((code) => code === 2322).length < 2) return;
        subscription.dispose();
        resolve(found);
      };
      const subscription = vscode.languages.onDidChangeDiagnostics(look);
      look();
    });
    assert.ok(!codes.includes(2307), String(codes));
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.lineAt(document.lineCount - 1).range.end,
    );
    assert.ok(items.some(({ label }) => label === 'matMul'));
  });

  it('lists the devices of this machine', async () => {
    const cli = inside('dist', 'kernel', 'cli.js');
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const { stdout } = await promisify(execFile)(process.execPath, [cli, 'devices', '--json'], { env });
    const rungs = JSON.parse(stdout) as { name: string; status: string; reason: string }[];
    assert.equal(rungs.filter(({ status }) => status === 'chosen').length, 1);
    // What is not in the package is added by a command of the palette, not by npm in a folder that VS Code manages.
    const webgpu = rungs.find(({ name }) => name === 'traced-webgpu')!;
    assert.match(webgpu.reason, /^not installed; `LatentLab: Set Up WebGPU` adds it/);
  });

  // Only VS Code in a browser lets a suite press its buttons.
  if (process.env['LATENTLAB_HOST_BRIDGE']) {
    it('says before a setup what will be fetched, and runs it where its words can be read', async () => {
      const bridge = (await connectBridge())!;
      const folder = path.join(path.dirname(process.env['LATENTLAB_VSIX']!), 'no library');
      const center = '.notifications-center';
      const button = (name: string) => `${center} .monaco-button:has-text("${name}")`;
      const setUp = async () => {
        const result = vscode.commands.executeCommand<SetUpResult | undefined>('latentlab.setUpTfjsNode', [
          '--libtensorflow',
          folder,
        ]);
        await vscode.commands.executeCommand('notifications.showList');
        await bridge.workbench.waitFor(`${center}:has-text("from the Python package index by pip")`);
        return { result };
      };
      const refused = await setUp();
      await bridge.screenshot('set-up-question');
      await bridge.workbench.click(button('Cancel'));
      assert.equal(await refused.result, undefined);
      assert.equal(vscode.window.terminals.length, 0);
      const started = await setUp();
      await bridge.workbench.click(button('Set Up'));
      assert.deepEqual(await started.result, { exitCode: 1 });
      assert.match(vscode.window.terminals.at(-1)!.name, /Set up tfjs-node/);
      await bridge.screenshot('set-up');
      bridge.close();
    });
  }
});
