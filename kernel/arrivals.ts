/** The kernel's messages in their order, whichever way they come: over its channel, or ahead of it over the pipe. */
import type { Ahead, KernelMessage } from './protocol';

export class Arrivals {
  private onChannel = 0;
  private delivered = 0;
  private readonly waiting: Ahead[] = [];

  constructor(private readonly deliver: (message: KernelMessage) => void) {}

  /** The next message of the channel. */
  receive(message: KernelMessage): void {
    this.take(++this.onChannel, message);
    for (const ahead of this.waiting.splice(0)) this.receiveAhead(ahead);
  }

  /** Messages before these are under way on the channel: they wait for them. */
  receiveAhead(ahead: Ahead): void {
    if (ahead.first > this.delivered + 1) this.waiting.push(ahead);
    else ahead.messages.forEach((message, index) => this.take(ahead.first + index, message));
  }

  private take(number: number, message: KernelMessage): void {
    if (number <= this.delivered) return;
    this.delivered = number;
    this.deliver(message);
  }
}
