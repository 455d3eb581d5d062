/** What views in the notebook may ask of this process, by the id that each view carries. */
import type { ViewChange, ViewFrame, ViewRequest, ViewResult } from '../../protocol';

/** Hears that a training goes on or has ended. */
export type TrainingListener = () => void;

export type ViewHandler = (request: ViewRequest) => ViewResult | Promise<ViewResult>;

/** Views answered at most; the oldest is forgotten first, and with it its hold on a model. */
const MAX_VIEWS = 200;

export class LiveViews {
  private readonly handlers = new Map<string, ViewHandler>();
  private readonly listeners = new Map<string, TrainingListener>();

  constructor(private readonly send: (message: ViewFrame | ViewChange) => void) {}

  register(viewId: string, handler: ViewHandler, listener?: TrainingListener): void {
    this.handlers.set(viewId, handler);
    if (listener) this.listeners.set(viewId, listener);
    const oldest = this.handlers.keys().next().value;
    if (this.handlers.size <= MAX_VIEWS || oldest === undefined) return;
    this.handlers.delete(oldest);
    this.listeners.delete(oldest);
  }

  /** A training goes on, or has ended. */
  trained(): void {
    for (const listener of this.listeners.values()) listener();
  }

  frame(viewId: string, mime: string, view: unknown): void {
    this.send({ type: 'viewFrame', viewId, mime, view });
  }

  change(viewId: string, mime: string, change: unknown): void {
    this.send({ type: 'viewChange', viewId, mime, change });
  }

  /** @throws when this kernel did not make the view */
  async answer(viewId: string, request: ViewRequest): Promise<ViewResult> {
    const handler = this.handlers.get(viewId);
    if (!handler) {
      throw new Error('This view was made by a kernel that has ended. Run its cell again to make it live.');
    }
    return handler(request);
  }
}
