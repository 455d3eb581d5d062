/** Questions from views to the live kernel, and its frames for them. */
import type {
  RendererMessage,
  ToRenderer,
  ViewChange,
  ViewFrame,
  ViewRequest,
  ViewResponse,
  ViewResult,
} from '../kernel/protocol';

/** The part of a renderer context that carries messages; both are absent where the host has no messaging. */
export interface Messaging {
  postMessage?(message: unknown): void;
  onDidReceiveMessage?: ((listener: (message: ToRenderer) => void) => unknown) | undefined;
}

interface Pending {
  resolve(result: ViewResult): void;
  reject(error: Error): void;
  owner: Channel;
}

const GONE = 'The kernel of this view has ended. Run its cell again to make the view live.';

export class KernelLink {
  private readonly channels = new Set<Channel>();
  private readonly pending = new Map<string, Pending>();
  /** Tells this page's requests from those of other pages at the same kernel. */
  private readonly prefix = Math.random().toString(36).slice(2, 10);
  private lastRequest = 0;
  private readonly post: ((message: RendererMessage) => void) | undefined;

  constructor(messaging: Messaging = {}) {
    const { postMessage, onDidReceiveMessage } = messaging;
    if (postMessage === undefined || onDidReceiveMessage === undefined) return;
    this.post = (message) => postMessage.call(messaging, message);
    onDidReceiveMessage.call(messaging, (message) => this.receive(message));
  }

  open(viewId: string, onFrame: (frame: ViewFrame | ViewChange) => void): Channel {
    const channel = new Channel(viewId, this.post !== undefined, onFrame, this);
    this.channels.add(channel);
    return channel;
  }

  close(channel: Channel): void {
    this.channels.delete(channel);
    for (const [requestId, pending] of this.pending) {
      if (pending.owner === channel) this.pending.delete(requestId);
    }
  }

  /** @throws Error (rejects) with the kernel's sentence when there is no answer to have */
  send(owner: Channel, request: ViewRequest): Promise<ViewResult> {
    const { post } = this;
    if (post === undefined) return Promise.reject(new Error('There is no kernel behind this page.'));
    const requestId = `${this.prefix}-${++this.lastRequest}`;
    return new Promise((resolve, reject) => {
      this.pending.set(requestId, { resolve, reject, owner });
      post({ type: 'viewRequest', requestId, viewId: owner.viewId, request });
    });
  }

  /** A page that goes waits for no answer. */
  leave(viewId: string): void {
    const requestId = `${this.prefix}-${++this.lastRequest}`;
    this.post?.({ type: 'viewRequest', requestId, viewId, request: { kind: 'unwatch' } });
  }

  /** A message that needs no answer. */
  tell(message: RendererMessage): void {
    this.post?.(message);
  }

  /** Whether there is somebody who shows cells. */
  get reveals(): boolean {
    return this.post !== undefined;
  }

  openNotebook(viewId: string, path: string, place: string | undefined): void {
    this.post?.({ type: 'openNotebook', viewId, path, ...(place !== undefined && { place }) });
  }

  reveal(viewId: string, line: number, document: string | undefined): void {
    this.post?.({ type: 'revealCell', viewId, line, ...(document !== undefined && { document }) });
  }

  private receive(message: ToRenderer): void {
    switch (message.type) {
      case 'viewFrame':
      case 'viewChange':
        return this.deliver(message);
      case 'viewResponse':
        return this.answer(message);
      case 'kernelGone':
        return this.kernelGone();
    }
  }

  private deliver(frame: ViewFrame | ViewChange): void {
    for (const channel of this.channels) if (channel.viewId === frame.viewId) channel.receive(frame);
  }

  private answer({ requestId, result, error }: ViewResponse): void {
    const pending = this.pending.get(requestId);
    if (pending === undefined) return;
    this.pending.delete(requestId);
    if (result !== undefined) pending.resolve(result);
    else pending.reject(new Error(error ?? 'The kernel did not answer.'));
  }

  private kernelGone(): void {
    for (const channel of this.channels) channel.setLive(false);
    const open = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of open) reject(new Error(GONE));
  }
}

/** One view's end of the link. */
export class Channel {
  private readonly listeners: (() => void)[] = [];
  /** The view that the kernel was asked about and has not answered for yet. */
  private watching: string | undefined;

  constructor(
    public viewId: string,
    private alive: boolean,
    private readonly onFrame: (frame: ViewFrame | ViewChange) => void,
    private readonly link: KernelLink,
  ) {}

  /** Whether a kernel may answer: false without messaging, and from the end of the kernel on. */
  get live(): boolean {
    return this.alive;
  }

  setLive(live: boolean): void {
    if (live === this.alive) return;
    this.alive = live;
    for (const listener of this.listeners) listener();
  }

  onLiveChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** A frame proves that there is a kernel. */
  receive(frame: ViewFrame | ViewChange): void {
    this.setLive(true);
    this.onFrame(frame);
  }

  ask(request: ViewRequest): Promise<ViewResult> {
    return this.alive ? this.link.send(this, request) : Promise.reject(new Error(GONE));
  }

  /** Has the notebook train on what an expression gives. */
  train(expression: string): void {
    this.link.tell({ type: 'trainOnSelection', viewId: this.viewId, expression });
  }

  /** Whether this page stands in a notebook whose cells can be shown. */
  get reveals(): boolean {
    return this.link.reveals;
  }

  /** Opens a notebook beside this one: a path from its folder, and where that leads nowhere an absolute one. */
  openNotebook(path: string, place?: string): void {
    this.link.openNotebook(this.viewId, path, place);
  }

  /** Tells the kernel that this page looks at a view no more. */
  leave(viewId: string): void {
    if (this.alive) this.link.leave(viewId);
  }

  /** Shows a line, from 1, of the cell that shows a view. */
  reveal(viewId: string, line: number, document?: string): void {
    this.link.reveal(viewId, line, document);
  }

  /** Finds out whether the kernel that made the view is still there, which then sends a whole frame. */
  watch(): void {
    const { viewId } = this;
    if (this.watching === viewId) return;
    this.watching = viewId;
    const hear = (live: boolean) => {
      if (this.watching === viewId) this.watching = undefined;
      this.setLive(live);
    };
    this.link.send(this, { kind: 'watch' }).then(
      () => hear(true),
      () => hear(false),
    );
  }

  close(): void {
    this.link.close(this);
  }
}
