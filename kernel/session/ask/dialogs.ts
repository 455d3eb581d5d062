/** `prompt()`, `confirm()` and `alert()` of cells: as in a browser, with question and answer in the cell's output. */
import type { Question } from './questions';

export interface DialogHost {
  /** Prints to the cell that asks. */
  print(text: string): void;
  /** Holds the thread until the answer is there; throws as `Questions.ask` does. */
  ask(question: Pick<Question, 'kind' | 'question' | 'proposal'>): string | boolean | null;
}

export interface Dialogs {
  /**
   * Asks for a text.
   *
   * @param proposal what the answer is unless the user changes it
   * @returns null when the user cancels
   */
  prompt(message?: unknown, proposal?: unknown): string | null;
  /** Asks for yes or no; cancelled means no. */
  confirm(message?: unknown): boolean;
  /** Waits until the user has read the message. */
  alert(message?: unknown): void;
}

export function dialogs({ print, ask }: DialogHost): Dialogs {
  /** The line is ended whatever comes: the next print begins its own. */
  const asked = <T>(shown: string, put: () => T, answered: (value: T) => string): T => {
    print(shown);
    let answer = '';
    try {
      const value = put();
      answer = answered(value);
      return value;
    } finally {
      print(`${answer}\n`);
    }
  };
  return {
    prompt(message = '', proposal = '') {
      const question = String(message);
      const put = () => ask({ kind: 'text', question, proposal: String(proposal) });
      return asked(spaced(question), put, (value) => String(value ?? '')) as string | null;
    },
    confirm(message = '') {
      const question = String(message);
      const put = () => ask({ kind: 'confirm', question }) === true;
      return asked(`${spaced(question)}[y/n] `, put, (value) => (value ? 'y' : 'n'));
    },
    alert(message = '') {
      const question = String(message);
      asked(
        question,
        () => ask({ kind: 'alert', question }),
        () => '',
      );
    },
  };
}

function spaced(question: string): string {
  return question === '' || /\s$/.test(question) ? question : `${question} `;
}
