/** Where hovers lead: the page of the API reference, where it has been built, else the declaration in the types. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

const COMMAND = 'latentlab.openReference';

/** What typedoc calls the folders of its pages. */
const KINDS = ['classes', 'functions', 'interfaces', 'types', 'variables', 'enums'];

/** @param name such as `VAE` or `VAE.encode` */
export function referenceLink(name: string): vscode.MarkdownString {
  const target = `command:${COMMAND}?${encodeURIComponent(JSON.stringify([name]))}`;
  const link = new vscode.MarkdownString(`[${vscode.l10n.t('API reference')}](${target})`);
  link.isTrusted = { enabledCommands: [COMMAND] };
  return link;
}

/** @param product the extension's folder */
export function provideReference(product: string): vscode.Disposable {
  return vscode.commands.registerCommand(COMMAND, (name?: unknown) => {
    if (typeof name === 'string') return openReference(product, name);
  });
}

/** @returns what was opened: a page of the site, or a place in the types */
async function openReference(product: string, name: string): Promise<vscode.Uri | undefined> {
  const page = pageOf(path.join(product, 'out', 'docs'), name);
  if (page) {
    await vscode.env.openExternal(page);
    return page;
  }
  const place = declarationOf(path.join(product, 'dist', 'types'), name);
  if (!place) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} is not in the API reference. In a checkout, npm run docs builds it.', name),
    );
    return undefined;
  }
  await vscode.window.showTextDocument(place.uri, { selection: place.range, preview: true });
  return place.uri;
}

/** @param site the folder that `npm run docs` writes */
function pageOf(site: string, name: string): vscode.Uri | undefined {
  const [own = '', member] = name.split('.');
  const file = KINDS.map((folder) => path.join(site, folder, `latentlab.${own}.html`)).find((one) => existsSync(one));
  if (!file) return undefined;
  const page = vscode.Uri.file(file);
  return member === undefined ? page : page.with({ fragment: member.toLowerCase() });
}

function declarationOf(types: string, name: string): { uri: vscode.Uri; range: vscode.Range } | undefined {
  const [own = ''] = name.split('.');
  const declaration = new RegExp(
    `^export (?:declare )?(?:abstract )?(?:class|function|interface|type|const) ${own}\\b`,
    'm',
  );
  if (!/^[\w$]+$/.test(own) || !existsSync(types)) return undefined;
  for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const text = readFileSync(path.join(types, file), 'utf8');
    const found = declaration.exec(text);
    if (!found) continue;
    const line = text.slice(0, found.index).split('\n').length - 1;
    return { uri: vscode.Uri.file(path.join(types, file)), range: new vscode.Range(line, 0, line, 0) };
  }
  return undefined;
}
