/**
 * The language worker: a thread that answers the host's questions and tells it the problems of cells, those that were
 * edited first. It runs no code of a notebook, so it works in untrusted workspaces too.
 */
import { parentPort, workerData } from 'node:worker_threads';
import nodeModule from 'node:module';
import path from 'node:path';
import type { FromWorker, QuestionName, ToWorker, WorkerOptions } from './protocol';

const { product } = workerData as WorkerOptions;
const port = parentPort!;

/** TypeScript is compiled once for all workers, where Node can keep what it has compiled. */
const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder?: string) => unknown };
enableCompileCache?.();

void start();

async function start(): Promise<void> {
  // Behind the cache: what these load is what takes long to compile.
  const { NotebookTypes } = await import('./service/service');
  const { Formulas, loadDrawing } = await import('./service/formulas');
  const { ProblemQueue } = await import('./service/problemQueue');
  const formulas = new Formulas(loadDrawing(path.join(product, 'dist', 'extension', 'drawFormula.cjs')));
  const warn = (message: string): void => send({ type: 'warning', message });
  const types = new NotebookTypes(product, formulas, warn);
  const problems = new ProblemQueue(types, ({ notebook, cell }, found) => {
    send({ type: 'problems', notebook, cell, problems: found });
  });
  /** Questions that still want an answer. */
  const waiting = new Set<number>();

  const answer = (id: number, question: QuestionName, args: unknown[]): void => {
    if (!waiting.delete(id)) return send({ type: 'answer', id });
    try {
      const value = (types[question] as (...args: unknown[]) => unknown).apply(types, args);
      send({ type: 'answer', id, value });
    } catch (error) {
      send({ type: 'answer', id, error: error instanceof Error ? error.message : String(error) });
    }
  };

  port.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'open':
        types.open(message.notebook, message.folder, message.cells);
        return problems.lookAt(message.notebook);
      case 'cells':
        types.setCells(message.notebook, message.cells);
        return problems.lookAt(message.notebook);
      case 'edit':
        types.edit(message.notebook, message.cell, message.language, message.text);
        return problems.lookAt(message.notebook, message.cell);
      case 'close':
        problems.forget(message.notebook);
        return types.close(message.notebook);
      case 'files':
        types.filesChanged(message.files);
        return problems.lookAtAll();
      case 'look':
        formulas.ink = message.formulas;
        return;
      case 'cancel':
        waiting.delete(message.id);
        return;
      case 'ask':
        waiting.add(message.id);
        // In a separate turn, so that a word of its being cancelled comes first.
        setImmediate(() => answer(message.id, message.question, message.args));
    }
  });
}

function send(message: FromWorker): void {
  port.postMessage(message);
}
