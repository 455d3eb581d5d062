import { spawn } from 'node:child_process';

/** A program that is not there (`code` undefined) or ended with another code than 0. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly command: string,
    readonly code: number | NodeJS.Signals | undefined,
    /** All that it said. */
    readonly output: string,
  ) {
    super(code === undefined ? `${command} was not found` : `${command} ended with ${code}:\n${lastLines(output)}`);
  }

  get notFound(): boolean {
    return this.code === undefined;
  }

  /** The end of what it said. */
  get lastLines(): string {
    return lastLines(this.output);
  }
}

/** Runs a program, without a shell, to its end and gives what it said. @throws CommandError */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT' || error.code === 'EACCES';
      reject(missing ? new CommandError(command, undefined, output) : error);
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new CommandError(command, signal ?? code ?? undefined, output));
    });
  });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-12).join('\n');
}
