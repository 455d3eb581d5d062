/** Types over the whole notebook: wires the worker to VS Code's providers. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Kernels } from '../kernels';
import { leaveToUs, tellOfDoubling } from './builtIn';
import { LanguageClient } from './client';
import { Notebooks } from './notebooks';
import { ProblemList } from './problemList';
import type { ToWorker } from './protocol';
import { provideActions } from './providers/actions';
import { provideCompletions, type LiveMembers } from './providers/completions';
import type { Context } from './providers/context';
import { provideInformation } from './providers/information';
import { provideNavigation } from './providers/navigation';

export interface TypesOptions {
  /** The product's own folder. */
  product: string;
  kernels: Kernels;
  liveMembers: LiveMembers;
  globalState: vscode.Memento;
  log: vscode.LogOutputChannel;
}

/** Answers for our notebooks' cells while the user's settings want it. */
export function provideTypes(options: TypesOptions): vscode.Disposable {
  let provided = isWanted() ? provide(options) : undefined;
  const changes = vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration('latentlab.types.enabled') || isWanted() === (provided !== undefined)) return;
    provided?.dispose();
    provided = isWanted() ? provide(options) : undefined;
  });
  return new vscode.Disposable(() => {
    changes.dispose();
    provided?.dispose();
  });
}

function isWanted(): boolean {
  return vscode.workspace.getConfiguration('latentlab').get('types.enabled', true);
}

/** Starts nothing before a notebook of ours is open. */
function provide({ product, kernels, liveMembers, globalState, log }: TypesOptions): vscode.Disposable {
  const client = new LanguageClient(
    path.join(product, 'dist', 'extension', 'languageWorker.cjs'),
    { product },
    {
      problems: (message) => problems.show(context, message),
      warning: (message) => log.warn(message),
      started: () => {
        client.tell(look());
        notebooks.openAll();
      },
    },
  );
  const notebooks = new Notebooks(client, kernels);
  const problems = new ProblemList(notebooks);
  const context: Context = { client, notebooks };

  const shareWithBuiltIn = (enabled: boolean) =>
    leaveToUs(enabled, notebooks.ours).catch((error: unknown) => log.warn(String(error)));
  const notebooksChanged = () => {
    if (notebooks.ours.length === 0) return;
    if (!existsSync(path.join(product, 'dist', 'types', 'session', 'latentlab.d.ts'))) log.warn(NO_TYPES);
    void tellOfDoubling(globalState);
    void shareWithBuiltIn(true);
  };
  const subscriptions = vscode.Disposable.from(
    notebooks.onChange(notebooksChanged),
    notebooks,
    problems,
    vscode.window.onDidChangeActiveColorTheme(() => client.tell(look())),
    watchFiles(client),
    provideCompletions(context, liveMembers),
    provideInformation(context),
    provideNavigation(context),
    provideActions(context),
  );
  notebooks.openAll();
  return new vscode.Disposable(() => {
    void shareWithBuiltIn(false);
    subscriptions.dispose();
    void client.dispose();
  });
}

const NO_TYPES = 'The types of the library are not built, so cells know none: run `npm run build` in the checkout.';

function look(): ToWorker {
  const { Light, HighContrastLight } = vscode.ColorThemeKind;
  const isLight = [Light, HighContrastLight].includes(vscode.window.activeColorTheme.kind);
  return { type: 'look', formulas: isLight ? 'light' : 'dark' };
}

/** What a notebook's types may depend on. */
const FILES = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,json}';
/** An installation or a checkout changes many files at once. */
const PATIENCE_MS = 200;

function watchFiles(client: LanguageClient): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(FILES);
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const note = ({ fsPath }: vscode.Uri) => {
    changed.add(fsPath);
    timer ??= setTimeout(() => {
      client.tell({ type: 'files', files: [...changed] });
      changed.clear();
      timer = undefined;
    }, PATIENCE_MS);
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(note),
    watcher.onDidCreate(note),
    watcher.onDidDelete(note),
    new vscode.Disposable(() => clearTimeout(timer)),
  );
}
