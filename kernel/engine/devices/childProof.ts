/** Tries a rung in a separate process, so that a native crash or a hanging driver costs nothing. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { builtFile } from '../packageRoot';
import { threadCount } from '../variation';
import { absence } from './absence';
import { isCrash } from './failures';
import type { Proof } from './proof';
import type { RungDefinition } from './rung';

export interface ChildOptions {
  /** Milliseconds until it is given up. */
  patience: number;
  /** The program of `probeMain.ts`; default: the built one. */
  program?: string;
}

/** Never throws: whatever goes wrong is the reason why the rung is not usable. */
export async function proveInChild(rung: RungDefinition, options: ChildOptions): Promise<Proof> {
  const reason = absence(rung);
  if (reason) return { usable: false, reason };
  const program = options.program ?? builtFile('probeMain.js');
  if (!existsSync(program)) return { usable: false, reason: `its self-test, ${program}, is not built: npm run build` };
  return run(program, rung, options.patience);
}

function run(program: string, { name, gpu }: RungDefinition, patience: number): Promise<Proof> {
  return new Promise((resolve) => {
    const child = fork(program, [name, String(threadCount())], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const heard = new Complaints();
    child.stderr?.setEncoding('utf8').on('data', (text: string) => heard.add(text));
    let answer: Proof | undefined;
    const timer = setTimeout(() => {
      // A driver may hang, or compile for its GPU; what has none is on a machine that is busy.
      const fatal = gpu ? 'timeout' : undefined;
      answer ??= { usable: false, reason: `its self-test gave no answer within ${patience / 1000} s`, fatal };
      child.kill('SIGKILL');
    }, patience);
    child.on('message', (message) => (answer ??= message as Proof));
    child.on('error', (error) => (answer ??= { usable: false, reason: `its self-test cannot run: ${error.message}` }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const how = signal ?? `exit code ${code}`;
      answer ??= {
        usable: false,
        reason: `its self-test ended with ${how}`,
        fatal: isCrash(signal) ? 'crash' : undefined,
      };
      resolve(answer.usable ? named(answer, heard) : { ...answer, reason: answer.reason + heard.summary() });
    });
  });
}

/** What native libraries say on stderr: often the only place that tells why there is no GPU. */
class Complaints {
  private text = '';

  add(text: string): void {
    this.text = (this.text + text).slice(-20_000);
  }

  /** The last complaint in brackets, or nothing. */
  summary(): string {
    const lines = this.text
      .split('\n')
      .filter((line) => /could ?n.t|could not|cannot|failed|error|no .*found/i.test(line));
    const last = lines
      .at(-1)
      ?.replace(/^.*?(warning|error): /i, '')
      .trim();
    return last ? ` (${last})` : '';
  }

  /** The name of the GPU in TensorFlow's log, if it is there. */
  gpuName(): string | undefined {
    return /name: ([^,\n]+), pci bus id/.exec(this.text)?.[1];
  }
}

function named<P extends Proof & { usable: true }>(proof: P, heard: Complaints): P {
  const gpu = heard.gpuName();
  return gpu ? { ...proof, description: `${proof.description}: ${gpu}` } : proof;
}
