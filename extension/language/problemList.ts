/** Shows the worker's problems in the editor. */
import * as vscode from 'vscode';
import type { Notebooks } from './notebooks';
import type { FromWorker, Problem } from './protocol';
import { locationOf, rangeOf, type Context } from './providers/context';

/** As VS Code's own TypeScript names itself. */
export const SOURCE = 'ts';

const { DiagnosticSeverity, DiagnosticTag } = vscode;

const SEVERITIES: Record<Problem['severity'], vscode.DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  hint: DiagnosticSeverity.Hint,
};

export class ProblemList implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('latentlab-types');
  private readonly subscription: vscode.Disposable;

  constructor(private readonly notebooks: Notebooks) {
    this.subscription = vscode.workspace.onDidCloseTextDocument(({ uri }) => this.collection.delete(uri));
  }

  show(context: Context, { notebook, cell, problems }: Extract<FromWorker, { type: 'problems' }>): void {
    const document = this.notebooks.documentOf({ notebook, cell });
    if (document)
      this.collection.set(
        document.uri,
        problems.map((problem) => diagnosticOf(context, problem)),
      );
  }

  clear(): void {
    this.collection.clear();
  }

  dispose(): void {
    this.subscription.dispose();
    this.collection.dispose();
  }
}

function diagnosticOf(context: Context, problem: Problem): vscode.Diagnostic {
  const { range, message, code, severity, unnecessary, deprecated, related } = problem;
  const diagnostic = new vscode.Diagnostic(rangeOf(range), message, SEVERITIES[severity]);
  diagnostic.source = SOURCE;
  diagnostic.code = code;
  diagnostic.tags = [
    ...(unnecessary ? [DiagnosticTag.Unnecessary] : []),
    ...(deprecated ? [DiagnosticTag.Deprecated] : []),
  ];
  diagnostic.relatedInformation = related.flatMap(({ target, message: about }) => {
    const location = locationOf(context, target);
    return location ? [new vscode.DiagnosticRelatedInformation(location, about)] : [];
  });
  return diagnostic;
}
