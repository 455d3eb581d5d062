/** What the tensors of each kernel take, as of the end of its last cell. */
import * as vscode from 'vscode';
import { bytesText } from '../../kernel/memoryWords';
import type { TensorMemory } from '../../kernel/protocol';
import type { KernelProcess } from '../kernelProcess';
import type { Kernels } from '../kernels';
import { countText } from '../variables/words';

/** Cells that end one after the other are looked at once. */
const SETTLED_MS = 1000;
/** Tensors that are named. */
const SHOWN = 5;

export class TensorMemories implements vscode.Disposable {
  private readonly known = new WeakMap<KernelProcess, TensorMemory>();
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onChange = this.changes.event;
  private readonly subscription: vscode.Disposable;

  constructor(kernels: Kernels) {
    this.subscription = kernels.onCreate(({ kernel }) => {
      let timer: NodeJS.Timeout | undefined;
      kernel.onMessage(({ type }) => {
        if (type !== 'finished') return;
        clearTimeout(timer);
        timer = setTimeout(() => void this.look(kernel), SETTLED_MS);
      });
      kernel.onEnd(() => {
        clearTimeout(timer);
        this.known.delete(kernel);
        this.changes.fire();
      });
    });
  }

  of(kernel: KernelProcess | undefined): TensorMemory | undefined {
    return kernel && this.known.get(kernel);
  }

  dispose(): void {
    this.subscription.dispose();
    this.changes.dispose();
  }

  /** A kernel at work is looked at when its cell has ended. */
  private async look(kernel: KernelProcess): Promise<void> {
    if (kernel.state.state !== 'idle') return;
    // A kernel that ends meanwhile has no tensors.
    const found = await kernel.inspect({ kind: 'memory' }).catch(() => undefined);
    if (!found || kernel.pid === undefined) return;
    this.known.set(kernel, found);
    this.changes.fire();
  }
}

/** The largest tensors by name, and what no name leads to. */
export function appendMemory(
  text: vscode.MarkdownString,
  { tensors, bytes, largest, unnamed, unnamedBytes }: TensorMemory,
): void {
  const { t } = vscode.l10n;
  if (tensors === 0) return;
  text.appendMarkdown(`\n\n${t('**{0} tensors** take {1}.', countText(tensors), bytesText(bytes))}\n\n`);
  if (largest.length > 0) text.appendMarkdown(`| ${t('largest')} | | |\n|---|---|---:|\n`);
  for (const { expression, shape, dtype, bytes: size } of largest.slice(0, SHOWN)) {
    const name = expression.replaceAll('|', '\\|').replaceAll('`', "'");
    text.appendMarkdown(`| \`${name}\` | [${shape.join(', ')}] ${dtype} | ${bytesText(size)} |\n`);
  }
  if (unnamed === 0) return;
  const rest = t('{0} of them ({1}) belong to no variable.', countText(unnamed), bytesText(unnamedBytes));
  text.appendMarkdown(`\n${rest}\n`);
}
