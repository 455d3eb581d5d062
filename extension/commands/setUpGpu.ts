/** "Set Up GPU": XLA's plugin for the GPU of this machine, by the program of `npm run setup:xla`. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { messageOf } from '../kernelProcess';
import { findNode } from '../nodePath';
import { readSettings } from '../settings';
import { assertTrusted } from '../trust';
import { setUp, type SetUpContext, type SetUpResult } from './setUp';

const PROGRAM = 'setupXla.js';

/** What the program says it would do. */
export interface GpuPlan {
  platform: string;
  /** What the plugin computes on: `NVIDIA GPUs, with CUDA 13`. */
  computesOn: string;
  /** The GPU that is seen: `An NVIDIA H100`. */
  gpu?: string;
  /** Sizes, for people. */
  toFetch: string;
  onDisk: string;
  needs: string;
  terms: string;
}

/** @param args options of `npm run setup:xla`; without them it is what the GPU needs that is seen, else asked for */
export async function setUpGpu(context: SetUpContext, args?: unknown): Promise<SetUpResult | undefined> {
  let given = Array.isArray(args) ? args.map(String) : [];
  let plan: GpuPlan | null;
  try {
    assertTrusted();
    plan = await gpuPlan(context, given);
    if (!plan) {
      const platform = await choosePlatform();
      if (!platform) return undefined;
      given = [...given, `--${platform}`];
      plan = (await gpuPlan(context, given))!;
    }
  } catch (error) {
    const refused = messageOf(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('LatentLab: {0}', refused));
    return { refused };
  }
  const { platform, computesOn, toFetch, onDisk, needs, terms } = plan;
  return setUp(context, {
    title: `xla-${platform}`,
    detail: vscode.l10n.t(
      'XLA’s plugin for {0} comes from the Python package index by pip or uv: {1} ({2} on the disk). A self-test tries it. Terms: {3}. Needed: {4}.',
      computesOn,
      toFetch,
      onDisk,
      terms,
      needs,
    ),
    program: PROGRAM,
    args: [...given.filter((option) => !SAID.test(option)), `--${platform}`, '--yes'],
  });
}

/** Options that the program is called with in any case. */
const SAID = /^--(cuda|rocm|intel|metal|cpu|yes)$/;

/** Where no GPU is seen. */
async function choosePlatform(): Promise<string | undefined> {
  const items = [
    { label: 'xla-cpu', description: vscode.l10n.t('the processor'), platform: 'cpu' },
    { label: 'xla-cuda', description: vscode.l10n.t('GPUs of NVIDIA'), platform: 'cuda' },
    { label: 'xla-rocm', description: vscode.l10n.t('GPUs of AMD'), platform: 'rocm' },
    { label: 'xla-intel', description: vscode.l10n.t('GPUs of Intel'), platform: 'intel' },
    { label: 'xla-metal', description: vscode.l10n.t('GPUs of Apple'), platform: 'metal' },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('LatentLab: Set Up GPU'),
    placeHolder: vscode.l10n.t('No GPU was found. What should XLA use?'),
  });
  return picked?.platform;
}

/** @returns null if no GPU is seen and none is named @throws with the program's own words where there is no plugin */
export async function gpuPlan({ programs, env }: SetUpContext, args: readonly string[] = []): Promise<GpuPlan | null> {
  const node = await findNode(readSettings().nodePath);
  const environment = { ...process.env, ...env, ELECTRON_RUN_AS_NODE: '1' };
  const command = [path.join(programs, PROGRAM), ...args, '--plan'];
  try {
    const { stdout } = await promisify(execFile)(node, command, { env: environment, timeout: 30_000 });
    return JSON.parse(stdout) as GpuPlan | null;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim();
    throw said ? new Error(said, { cause: error }) : error;
  }
}
