/** Decoding in the live kernel: one question under way, and of those that come meanwhile only the newest. */
import type { Sample } from '../../../../kernel/views/types';
import type { Channel } from '../../../channel';
import { sample as sampleSchema } from '../../../data';
import { messageOf } from '../../../errors';
import { parse } from '../../../view';

export interface DecoderEvents {
  onSample(z: number[], sample: Sample): void;
  /** There is no answer, or none yet (`waiting`); the reason is a sentence or its beginning. */
  onReason(z: number[], reason: string): void;
}

/** Milliseconds after which the reader is told that the kernel is slow. The answer is still taken when it comes. */
const PATIENCE = 3000;

export class Decoder {
  private next: number[] | undefined;
  private busy = false;
  private closed = false;

  constructor(
    private readonly channel: Channel,
    private readonly events: DecoderEvents,
  ) {}

  ask(z: number[]): void {
    this.next = z;
    if (!this.busy) void this.work();
  }

  close(): void {
    this.closed = true;
    this.next = undefined;
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.next !== undefined) {
      const z = this.next;
      this.next = undefined;
      await this.decode(z);
    }
    this.busy = false;
  }

  private async decode(z: number[]): Promise<void> {
    const slow = setTimeout(() => this.events.onReason(z, 'the kernel has not answered yet'), PATIENCE);
    try {
      const result = await this.channel.ask({ kind: 'decode', z });
      if (result.kind !== 'decoded') throw new Error(`the kernel answered “${result.kind}”`);
      const sample = parse(sampleSchema, result.sample);
      if (!this.closed) this.events.onSample(z, sample);
    } catch (error) {
      if (!this.closed) this.events.onReason(z, messageOf(error));
    } finally {
      clearTimeout(slow);
    }
  }
}
