import { expect, it } from 'vitest';
import { Arrivals } from '../../kernel/arrivals';
import { framed, PipeReader } from '../../kernel/pipe';
import { INTERRUPT_BYTE, type KernelMessage } from '../../kernel/protocol';

it('messages and interrupts come out as they went in, however a pipe cuts them', () => {
  const messages = [{ askId: 1, value: 'Ünï\x03\x02' }, { askId: 2, value: null }, { value: 'x'.repeat(5000) }];
  const interrupt = Buffer.of(INTERRUPT_BYTE);
  const bytes = Buffer.concat([
    interrupt,
    framed(messages[0]),
    interrupt,
    interrupt,
    framed(messages[1]),
    framed(messages[2]),
  ]);
  const whole = ['interrupt', messages[0], 'interrupt', 'interrupt', messages[1], messages[2]];
  for (const size of [1, 2, 3, 5, 7, 64, 4096, bytes.length]) {
    const found: unknown[] = [];
    const reader = new PipeReader(
      (message) => found.push(message),
      () => found.push('interrupt'),
    );
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    expect(found).toEqual(whole);
  }
});

it('messages that come two ways are delivered once and in order', () => {
  const message = (text: string): KernelMessage => ({ type: 'stream', name: 'stdout', text });
  const all = ['a', 'b', 'c', 'd', 'e'].map(message);
  for (const early of [0, 1, 2, 3, 4, 5]) {
    const delivered: KernelMessage[] = [];
    const arrivals = new Arrivals((one) => delivered.push(one));
    for (const one of all.slice(0, early)) arrivals.receive(one);
    // The third and the fourth also come ahead.
    arrivals.receiveAhead({ first: 3, messages: all.slice(2, 4) });
    if (early >= 2) expect(delivered).toEqual(all.slice(0, Math.max(4, early)));
    for (const one of all.slice(early)) arrivals.receive(one);
    expect(delivered).toEqual(all);
  }
});
