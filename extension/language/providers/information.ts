import * as vscode from 'vscode';
import type { Hint } from '../protocol';
import { referenceLink } from '../reference';
import { CELLS, markdown, rangeOf, spanOf, type Context } from './context';

export function provideInformation({ client, notebooks }: Context): vscode.Disposable {
  const hover: vscode.HoverProvider = {
    async provideHover(document, position, token) {
      const at = notebooks.placeOf(document, position);
      const found = at && (await client.ask('hover', [at], token));
      if (!found) return undefined;
      const signature = new vscode.MarkdownString().appendCodeblock(found.signature, 'typescript');
      const link = found.reference === undefined ? [] : [referenceLink(found.reference)];
      return new vscode.Hover([signature, markdown(found.markdown), ...link], rangeOf(found.range));
    },
  };

  const signatures: vscode.SignatureHelpProvider = {
    async provideSignatureHelp(document, position, token) {
      const at = notebooks.placeOf(document, position);
      const found = at && (await client.ask('signatureHelp', [at], token));
      if (!found) return undefined;
      const help = new vscode.SignatureHelp();
      help.activeSignature = found.active;
      help.activeParameter = found.activeParameter;
      help.signatures = found.signatures.map(({ label, markdown: text, parameters }) => {
        const signature = new vscode.SignatureInformation(label, markdown(text));
        signature.parameters = parameters.map(
          (one) => new vscode.ParameterInformation(one.label, markdown(one.markdown)),
        );
        return signature;
      });
      return help;
    },
  };

  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider(CELLS, hover),
    vscode.languages.registerSignatureHelpProvider(CELLS, signatures, '(', ',', '<'),
    provideHints({ client, notebooks }),
  );
}

/** Only where the user's settings ask for them. */
function provideHints({ client, notebooks }: Context): vscode.Disposable {
  const changes = new vscode.EventEmitter<void>();
  const kinds: Record<Hint['kind'], vscode.InlayHintKind | undefined> = {
    type: vscode.InlayHintKind.Type,
    parameter: vscode.InlayHintKind.Parameter,
    other: undefined,
  };
  const provider: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: changes.event,
    async provideInlayHints(document, range, token) {
      const cell = wantsHints(document) ? notebooks.cellOf(document) : undefined;
      const hints = cell && (await client.ask('hints', [cell, spanOf(document, range)], token));
      return (hints ?? []).map(({ position, text, kind, padLeft, padRight }) => {
        const place = new vscode.Position(position.line, position.character);
        return Object.assign(new vscode.InlayHint(place, text, kinds[kind]), {
          paddingLeft: padLeft,
          paddingRight: padRight,
        });
      });
    },
  };
  return vscode.Disposable.from(
    changes,
    vscode.languages.registerInlayHintsProvider(CELLS, provider),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('latentlab.types.inlayHints')) changes.fire();
    }),
  );
}

function wantsHints({ uri }: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration('latentlab', uri).get('types.inlayHints', false);
}
