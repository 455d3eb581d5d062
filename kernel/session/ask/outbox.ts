/** Everything that the kernel says, numbered, and what of it may not be on its way yet. */
import type { Ahead, KernelMessage } from '../../protocol';

export class Outbox {
  private sent = 0;
  /** By number; a message leaves when its write is known to be over, which a later turn reports. */
  private readonly unwritten = new Map<number, KernelMessage>();

  readonly send = (message: KernelMessage): void => {
    const number = ++this.sent;
    this.unwritten.set(number, message);
    process.send?.(message, undefined, undefined, () => this.unwritten.delete(number));
  };

  /** All since the first that may be held back. */
  get heldBack(): Ahead {
    const first = Math.min(...this.unwritten.keys());
    return { first, messages: [...this.unwritten.values()] };
  }
}
