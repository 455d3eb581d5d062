/** Device and kernel state of the notebook in view. */
import * as vscode from 'vscode';
import type { DeviceSummary } from '../../kernel/protocol';
import type { KernelState } from '../kernelProcess';
import type { Kernels } from '../kernels';

export function showStatus(kernels: Kernels): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('latentlab.status', vscode.StatusBarAlignment.Right, 100);
  item.name = 'LatentLab Kernel';
  item.command = 'latentlab.selectDevice';
  const update = () => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (!notebook || !kernels.isSelected(notebook)) {
      item.hide();
      return;
    }
    const state = kernels.known(notebook)?.state ?? { state: 'stopped' };
    item.text = textOf(state);
    item.tooltip = tooltipOf(state);
    item.accessibilityInformation = { label: `LatentLab kernel: ${item.text.replace(/\$\([^)]*\) ?/g, '')}` };
    item.backgroundColor =
      state.state === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    item.show();
  };
  update();
  return vscode.Disposable.from(item, kernels.onChange(update), vscode.window.onDidChangeActiveNotebookEditor(update));
}

function textOf(state: KernelState): string {
  switch (state.state) {
    case 'stopped':
      return '$(circle-outline) LatentLab: no kernel';
    case 'starting':
      return '$(loading~spin) LatentLab: starting';
    case 'failed':
      return '$(error) LatentLab: kernel failed';
    case 'idle':
      return `$(circle-filled) ${state.device.name} · idle`;
    case 'busy':
      return `$(loading~spin) ${state.device.name} · busy`;
  }
}

function tooltipOf(state: KernelState): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  if ('device' in state) {
    text.appendMarkdown(`**${state.device.description}** · Node ${state.node}\n\n`);
    appendRungs(text, state.device);
  } else {
    text.appendText(state.state === 'failed' ? state.message : 'The kernel starts with the first cell that runs.');
  }
  text.appendMarkdown('\n\nClick to try every device and select one.');
  return text;
}

function appendRungs(text: vscode.MarkdownString, device: DeviceSummary): void {
  text.appendMarkdown('| device | | why |\n|---|---|---|\n');
  for (const { name, about, status, reason } of device.rungs) {
    const why = reason.replaceAll('|', '\\|').replace(/\s+/g, ' ');
    text.appendMarkdown(`| **${name}**: ${about} | ${status} | ${why} |\n`);
  }
}
