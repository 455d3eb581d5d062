/**
 * Keeps one kernel: starts it, listens for a host at a private socket, and lets the kernel live on for a while when the
 * host is gone. What is said meanwhile is kept for the host that comes next.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { KernelChild } from '../kernelChild';
import type { WaitingCell } from '../kernelLink';
import { framed, PipeReader } from '../pipe';
import { DISCONNECT, PROTOCOL_VERSION } from '../protocol';
import type { FromKeeper, KeeperOptions, Patience, ToKeeper } from './frames';
import { Journal } from './journal';
import { makePrivate, newSocket, removeKept, writeKeeperFile, type Kept } from './places';

/** How long the first host may take to come. */
const FIRST_MS = 30_000;

export class Keeper {
  private readonly journal = new Journal();
  private readonly child: KernelChild;
  private readonly token = randomBytes(32);
  private server: Server | undefined;
  private kept: Kept | undefined;
  private host: Socket | undefined;
  /** Whether the host continues with the kernel. */
  private isHeard = false;
  private end: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private waiting: readonly WaitingCell[] = [];
  private isDebugged = false;
  /** Nobody is waited for any more. */
  private isOver = false;

  /** @param onEnd the kernel is gone, and nobody will ask about it any more */
  constructor(
    private readonly options: KeeperOptions,
    private readonly onEnd: () => void,
  ) {
    this.child = new KernelChild(options.child, {
      message: (message) => {
        this.journal.receive(message, this.isHeard);
        this.say({ type: 'message', message });
      },
      debug: (message) => this.say({ type: 'debug', message }),
      ended: (reason) => this.ended(reason),
    });
  }

  /** @returns the file by which hosts find it */
  async listen(): Promise<string> {
    const { folder, owner } = this.options;
    makePrivate(folder);
    const socket = newSocket(folder);
    const server = createServer((connection) => this.admit(connection));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket, resolve);
    });
    if (process.platform !== 'win32') chmodSync(socket, 0o600);
    const content = { protocol: PROTOCOL_VERSION, owner, pid: process.pid, socket, token: this.token.toString('hex') };
    this.kept = { file: writeKeeperFile(folder, content), content };
    // The host that started it is about to come.
    this.wait({ busy: FIRST_MS, idle: FIRST_MS });
    return this.kept.file;
  }

  /** Ends the kernel; the keeper follows. */
  kill(): void {
    this.isOver = true;
    if (this.end === undefined) this.child.kill();
    else this.leave();
  }

  private admit(connection: Socket): void {
    const reader = new PipeReader(
      (message) => this.receive(connection, message as ToKeeper),
      () => this.host === connection && this.child.interrupt(),
    );
    connection.on('data', (piece: Buffer) => {
      try {
        reader.push(piece);
      } catch {
        // Nothing that a host of ours says: the kernel is not to suffer for it.
        connection.destroy();
      }
    });
    // A host that ended closes its socket, which says all that there is to say.
    connection.on('error', () => {});
    // What is said from its last word on is not heard any more.
    for (const event of ['end', 'close']) connection.on(event, () => this.left(connection));
  }

  private receive(connection: Socket, message: ToKeeper): void {
    if (message.type === 'hello') {
      this.greet(connection, message);
      return;
    }
    if (this.host !== connection) return;
    switch (message.type) {
      case 'take':
        this.isHeard = true;
        this.journal.heard();
        this.waiting = [];
        break;
      case 'post':
        // Nobody has to hear of an end that was asked for.
        if (message.message.type === 'shutdown') this.isOver = true;
        this.journal.posted(message.message);
        this.child.post(message.message);
        break;
      case 'ahead':
        if ('askId' in message.message) this.journal.answered(message.message);
        else if (message.message.type === 'debug') this.isDebugged = true;
        this.child.ahead(message.message);
        break;
      case 'note':
        this.waiting = message.waiting;
        break;
      case 'shown':
        this.journal.shown(message.id);
        break;
      case 'kill':
        this.kill();
    }
  }

  private greet(connection: Socket, { token, peek }: Extract<ToKeeper, { type: 'hello' }>): void {
    const given = Buffer.from(token, 'hex');
    if (given.length !== this.token.length || !timingSafeEqual(given, this.token)) {
      connection.destroy();
      return;
    }
    if (peek) {
      const { isBusy, titles: trainings } = this.journal;
      const hasEnded = this.end !== undefined;
      const isHeld = this.host !== undefined;
      const state: FromKeeper = { type: 'state', isHeld, hasEnded, isBusy: isBusy && !hasEnded, trainings };
      connection.end(framed(state));
      return;
    }
    if (this.host) {
      connection.end(framed({ type: 'refused' } satisfies FromKeeper));
      return;
    }
    clearTimeout(this.timer);
    this.host = connection;
    const { end, waiting } = this;
    const known = { ...this.journal.tell(), ...(end !== undefined && { ended: end }) };
    this.say({ type: 'welcome', pid: this.child.pid, waiting, ...known });
  }

  private left(connection: Socket): void {
    if (this.host !== connection) return;
    this.host = undefined;
    this.isHeard = false;
    // A host that hears how the kernel ended says `kill`; one that went before leaves that to the next one.
    if (this.hasNothingToTell) {
      this.leave();
      return;
    }
    // A kernel that is paused continues.
    if (this.isDebugged && this.end === undefined) this.child.ahead({ type: 'debug', message: DISCONNECT });
    this.isDebugged = false;
    this.wait(this.options.patience);
  }

  /** A kernel that is busy now has longer, also when it is done: what it computed is what somebody comes back for. */
  private wait({ busy, idle }: Patience): void {
    const patience = this.journal.isBusy ? busy : idle;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.kill(), patience);
  }

  private ended(reason: string): void {
    this.end = reason;
    this.journal.end();
    if (this.host) this.say({ type: 'ended', reason });
    // Who comes back before the time is over hears what there was, and why it ended.
    else if (this.hasNothingToTell) this.leave();
  }

  /** The kernel is gone, and no host that comes wants to know of it. */
  private get hasNothingToTell(): boolean {
    return this.end !== undefined && (this.isOver || !this.journal.hasNews);
  }

  private leave(): void {
    clearTimeout(this.timer);
    this.server?.close();
    if (this.kept) removeKept(this.kept);
    this.kept = undefined;
    this.onEnd();
  }

  private say(message: FromKeeper): void {
    this.host?.write(framed(message));
  }
}
