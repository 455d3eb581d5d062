/** Who talks to a keeper without a client: strangers, and hosts that do not behave. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { KeeperFile, KeptState, ToKeeper } from '../../kernel/keeping/frames';
import { framed, PipeReader } from '../../kernel/pipe';

/** All that a keeper answers to one who says this, and no more. */
export async function answerTo(address: string, pieces: readonly Buffer[]): Promise<Buffer> {
  const stranger = connect(address);
  const heard: Buffer[] = [];
  stranger.on('data', (piece) => heard.push(piece));
  // The keeper may end the connection before all is said or read; `close` follows.
  stranger.on('error', () => {});
  const closed = new Promise((resolve) => stranger.once('close', resolve));
  for (const piece of pieces) stranger.write(piece);
  stranger.end();
  await closed;
  return Buffer.concat(heard);
}

/** A host that has a kernel, and hears nothing of what is said to it. */
export async function deafHost({ socket, token }: KeeperFile): Promise<Socket> {
  const host = connect(socket);
  host.write(framed({ type: 'hello', token } satisfies ToKeeper));
  await once(host, 'readable');
  host.write(framed({ type: 'take' } satisfies ToKeeper));
  return host;
}

/** What a keeper tells of itself to somebody who only looks. */
export async function stateOf({ socket, token }: KeeperFile): Promise<KeptState> {
  const answers: unknown[] = [];
  const reader = new PipeReader((message) => answers.push(message));
  reader.push(await answerTo(socket, [framed({ type: 'hello', token, peek: true } satisfies ToKeeper)]));
  return answers[0] as KeptState;
}
