/** Puts the questions of cells to the user at a terminal. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { AskUser } from '../../client';
import type { Ask } from '../../protocol';

export interface Terminal {
  input: Readable & { isTTY?: boolean };
  output: Writable & { isTTY?: boolean };
}

export interface TerminalOptions extends Terminal {
  /** Makes room for a question. */
  pause(): void;
  resume(): void;
  /** The user pressed Ctrl-C instead of answering: a terminal that is asked sends no signal. */
  onInterrupt(): void;
}

/** Ctrl-D cancels. Rejects where input or output is no terminal: nobody would see the question, or could answer. */
export function terminalUser({ input, output, pause, resume, onInterrupt }: TerminalOptions): AskUser {
  return async (question, signal) => {
    if (!input.isTTY || !output.isTTY)
      throw new Error(nobody(question, input.isTTY ? 'standard error' : 'standard input'));
    pause();
    try {
      return valueOf(question, await answerTo(question, signal, { input, output }, onInterrupt));
    } finally {
      resume();
    }
  };
}

function answerTo(
  question: Ask,
  signal: AbortSignal,
  terminal: Terminal,
  onInterrupt: () => void,
): Promise<string | null> {
  return new Promise((resolve) => {
    const face = createInterface({ ...terminal, terminal: true, historySize: 0 });
    const done = (answer: string | null) => {
      signal.removeEventListener('abort', cancel);
      resolve(answer);
      face.close();
    };
    const cancel = () => {
      face.off('close', cancel);
      terminal.output.write('\n');
      done(null);
    };
    signal.addEventListener('abort', cancel, { once: true });
    face.once('SIGINT', () => {
      cancel();
      onInterrupt();
    });
    // Ctrl-D. After an answer nobody hears it.
    face.once('close', cancel);
    face.question(shown(question), (answer) => {
      face.off('close', cancel);
      done(answer);
    });
    if (question.proposal) face.write(question.proposal);
  });
}

function shown({ kind, question, cellName }: Ask): string {
  const text = question === '' ? `${cellName ?? 'The notebook'} asks for a line:` : question;
  const spaced = /\s$/.test(text) ? text : `${text} `;
  if (kind === 'confirm') return `${spaced}[y/n] `;
  return kind === 'alert' ? `${spaced}[Enter] ` : spaced;
}

function valueOf({ kind }: Ask, answer: string | null): string | boolean | null {
  if (kind === 'confirm') return answer !== null && /^\s*y(es)?\s*$/i.test(answer);
  return kind === 'alert' ? true : answer;
}

function nobody({ kind, cellName = 'The notebook' }: Ask, what: string): string {
  const asks = kind === 'line' ? 'reads from the user' : 'asks the user';
  const advice = 'Put the value into the notebook, or run it in a terminal or in VS Code.';
  return `${cellName} ${asks}, and there is no one to ask: ${what} is not a terminal. ${advice}`;
}
