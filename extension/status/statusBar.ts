/** Device and kernel state of the notebook in view. */
import * as vscode from 'vscode';
import type { DeviceSummary, TensorMemory } from '../../kernel/protocol';
import type { KernelState } from '../kernelProcess';
import type { Kernels } from '../kernels';
import { appendMemory, TensorMemories } from './tensorMemory';

const { t } = vscode.l10n;

export function showStatus(kernels: Kernels): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('latentlab.status', vscode.StatusBarAlignment.Right, 100);
  item.name = t('LatentLab Kernel');
  item.command = 'latentlab.selectDevice';
  const memories = new TensorMemories(kernels);
  const update = () => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (!notebook || !kernels.isSelected(notebook)) {
      item.hide();
      return;
    }
    const kernel = kernels.known(notebook);
    const state = kernel?.state ?? { state: 'stopped' };
    item.text = textOf(state);
    item.tooltip = tooltipOf(state, memories.of(kernel));
    item.accessibilityInformation = { label: t('LatentLab kernel: {0}', item.text.replace(/\$\([^)]*\) ?/g, '')) };
    item.backgroundColor =
      state.state === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    item.show();
  };
  update();
  return vscode.Disposable.from(
    item,
    memories,
    memories.onChange(update),
    kernels.onChange(update),
    vscode.window.onDidChangeActiveNotebookEditor(update),
  );
}

function textOf(state: KernelState): string {
  switch (state.state) {
    case 'stopped':
      return `$(circle-outline) ${t('LatentLab: no kernel')}`;
    case 'starting':
      return `$(loading~spin) ${t('LatentLab: starting')}`;
    case 'failed':
      return `$(error) ${t('LatentLab: kernel failed')}`;
    case 'idle':
      return `$(circle-filled) ${t('{0} · idle', state.device.name)}`;
    case 'busy':
      return `$(loading~spin) ${t('{0} · busy', state.device.name)}`;
    case 'silent':
      return `$(warning) ${t('{0} · no answer', state.device.name)}`;
  }
}

function tooltipOf(state: KernelState, memory: TensorMemory | undefined): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  if ('device' in state) {
    text.appendMarkdown(`**${state.device.description}** · Node ${state.node}\n\n`);
    appendRungs(text, state.device);
    if (memory) appendMemory(text, memory);
  } else {
    text.appendText(state.state === 'failed' ? state.message : t('The kernel starts when you run a cell.'));
  }
  text.appendMarkdown(`\n\n${t('Click to try every device and select one.')}`);
  return text;
}

function appendRungs(text: vscode.MarkdownString, device: DeviceSummary): void {
  text.appendMarkdown(`| ${t('device')} | | ${t('why')} |\n|---|---|---|\n`);
  for (const { name, about, status, reason } of device.rungs) {
    const why = reason.replaceAll('|', '\\|').replace(/\s+/g, ' ');
    text.appendMarkdown(`| **${name}**: ${about} | ${status} | ${why} |\n`);
  }
}
