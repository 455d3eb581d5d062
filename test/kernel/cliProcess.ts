/** The command line in a separate process. */
import { spawn } from 'node:child_process';
import path from 'node:path';

const cli = path.resolve('dist/kernel/cli.js');

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the command line in a folder; its end is a promise. */
export function beginCli(args: string[], cwd: string) {
  // A separate group, so that a test can do what Ctrl-C in a terminal does: signal the kernel process too.
  const child = spawn(process.execPath, [cli, ...args], { cwd, detached: true });
  const run: Run = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (run.stdout += text));
  child.stderr.on('data', (text) => (run.stderr += text));
  const ended = new Promise<Run>((resolve) => child.on('close', (code) => resolve({ ...run, code })));
  return { child, ended };
}
