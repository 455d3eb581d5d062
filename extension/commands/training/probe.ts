/** What a kernel is asked of the data: the notebook's own for a cell, whose variables it may use, else one for this alone. */
import { randomUUID } from 'node:crypto';
import type { NotebookDocument } from 'vscode';
import type { DataSurvey } from '../../../kernel/autoencoders/data/survey/facts';
import { KernelClient } from '../../../kernel/client';
import type { DeviceSummary, Execute, Finished, KernelMessage } from '../../../kernel/protocol';
import type { Kernels } from '../../kernels';
import { findNode } from '../../nodePath';
import { readSettings } from '../../settings';
import type { Plan } from './plan';
import type { Selection } from './selection';
import { surveyCode, type DataSource } from './source';
import { timingCode, type Measured } from './timing';

/** What the extension knows that the command needs. */
export interface TrainingContext {
  kernels: Kernels;
  kernelMain: string;
  env: Readonly<Record<string, string>>;
  extensionId: string;
  /** The notebook whose variables are listed. */
  variablesNotebook(): NotebookDocument | undefined;
}

export interface Probe {
  readonly device: DeviceSummary;
  /** @throws Error saying why it is not data */
  survey(array?: string): Promise<DataSurvey>;
  /** Waits for what is measured already. @throws Error with what the model refuses */
  measure(plan: Plan): Promise<Measured>;
  /** Starts another kernel by the present settings; absent: the kernel is a notebook's. */
  reopen?(): Promise<void>;
  dispose(): Promise<void>;
}

type Runner = (cell: Omit<Execute, 'type'>, hear: (message: KernelMessage) => void) => Promise<Finished>;

export async function openProbe(context: TrainingContext, selection: Selection): Promise<Probe> {
  const { cell } = selection;
  if (!cell) return ownProbe(context, selection);
  const kernel = context.kernels.of(cell.notebook);
  const client = await kernel.start();
  const run: Runner = (code, hear) => {
    const subscription = kernel.onMessage(hear);
    return kernel.execute(client, code).finally(() => {
      subscription.dispose();
      // No cell shows it.
      kernel.shown(code.id);
    });
  };
  return { ...probeOf(selection.source, run), device: client.ready.device, dispose: () => Promise.resolve() };
}

/** A kernel for this alone: it ends with the dialogs. */
async function ownProbe({ kernelMain, env }: TrainingContext, { source, folder }: Selection): Promise<Probe> {
  let hear: (message: KernelMessage) => void = () => undefined;
  const start = async () => {
    const { nodePath, device, startupDeadline } = readSettings();
    return KernelClient.start({
      kernelMain,
      env,
      nodePath: await findNode(nodePath),
      device,
      folder,
      startupDeadline,
      onMessage: (message) => hear(message),
      onExit: () => undefined,
    });
  };
  let client = await start();
  const run: Runner = (code, listener) => {
    hear = listener;
    return client.execute(code);
  };
  let ended: Promise<void> | undefined;
  const end = () => {
    // A measurement under way is of no more use.
    client.interrupt();
    return client.shutdown();
  };
  return {
    ...probeOf(source, run),
    get device() {
      return client.ready.device;
    },
    async reopen() {
      await end();
      client = await start();
    },
    dispose: () => (ended ??= end()),
  };
}

/** One question after the other, since each listener is the only one. */
function probeOf(source: DataSource, run: Runner): Pick<Probe, 'survey' | 'measure'> {
  let last: Promise<unknown> = Promise.resolve();
  const asked = <T>(code: string, fault: (reason: string) => string): Promise<T> => {
    const answer = last.catch(() => undefined).then(() => shownBy<T>(run, code, fault));
    last = answer.catch(() => undefined);
    return answer;
  };
  return {
    survey: (array) =>
      asked<DataSurvey>(surveyCode(source, array), (reason) => `${source.description} is no data: ${reason}`),
    measure: (plan) => asked<Measured>(timingCode(plan), (reason) => reason),
  };
}

/** What a cell shows as JSON. */
async function shownBy<T>(run: Runner, code: string, fault: (reason: string) => string): Promise<T> {
  const id = randomUUID();
  let shown: T | undefined;
  const { error } = await run({ id, cellName: 'the selection', language: 'typescript', code }, (message) => {
    if (message.type !== 'display' || message.id !== id) return;
    shown = (message.bundle['application/json'] as T | undefined) ?? shown;
  });
  if (shown !== undefined && !error) return shown;
  throw new Error(fault(error?.message ?? 'it has no value'));
}
