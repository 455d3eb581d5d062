/** Training progress in the status bar, with the time left; the view in the cell has the bar and the Cancel button. */
import * as vscode from 'vscode';
import type { Progress } from '../../kernel/protocol';
import type { Kernels } from '../kernels';

export function showProgress(kernels: Kernels): vscode.Disposable {
  return kernels.onCreate(({ kernel }) => {
    let report: ((message: string) => void) | undefined;
    let finish: (() => void) | undefined;
    const open = () => {
      const done = new Promise<void>((resolve) => (finish = resolve));
      const options = { location: vscode.ProgressLocation.Window, title: 'LatentLab' };
      void vscode.window.withProgress(options, (progress) => {
        report = (message) => progress.report({ message });
        return done;
      });
    };
    const close = () => {
      finish?.();
      finish = undefined;
    };
    kernel.onMessage((message) => {
      if (message.type === 'progress') {
        if (!finish) open();
        report?.(textOf(message));
        if (message.done >= message.total) close();
      } else if (message.type === 'finished') {
        close();
      }
    });
    kernel.onEnd(close);
  });
}

function textOf({ label, done, total, secondsLeft }: Progress): string {
  const percent = Math.floor((100 * done) / Math.max(1, total));
  if (secondsLeft === undefined) return `${label}: ${percent} %`;
  return vscode.l10n.t('{0}: {1} %, {2} left', label, percent, durationText(secondsLeft));
}

function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
