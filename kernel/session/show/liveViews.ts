/** What views in the notebook may ask of this process, by the id that each view carries. */
import type { MimeBundle, ViewChange, ViewFrame, ViewRequest, ViewResult } from '../../protocol';

export type ViewHandler = (request: ViewRequest) => ViewResult | Promise<ViewResult>;

/** Replaces what an output shows. */
export type UpdateOutput = (bundle: MimeBundle) => void;

interface LiveView {
  answer: ViewHandler;
  /** Hears of an output that shows it. */
  onShown?: ((update: UpdateOutput) => void) | undefined;
  /** Hears that a training continues or has ended. */
  onTrained?: (() => void) | undefined;
}

/** Views answered at most; the oldest is forgotten first, and with it its hold on a model. */
const MAX_VIEWS = 200;

export class LiveViews {
  private readonly live = new Map<string, LiveView>();

  constructor(private readonly send: (message: ViewFrame | ViewChange) => void) {}

  /** @param more what it wants to hear of: an output that shows it, a training that continues or has ended */
  register(viewId: string, answer: ViewHandler, more: Omit<LiveView, 'answer'> = {}): void {
    this.live.set(viewId, { answer, ...more });
    const oldest = this.live.keys().next().value;
    if (this.live.size > MAX_VIEWS && oldest !== undefined) this.live.delete(oldest);
  }

  /** A training continues, or has ended. */
  trained(): void {
    for (const { onTrained } of this.live.values()) onTrained?.();
  }

  /** An output shows this; who made a view in it may change it later. */
  shown(bundle: MimeBundle, update: UpdateOutput): void {
    for (const view of Object.values(bundle)) {
      const { id } = (typeof view === 'object' && view !== null ? view : {}) as { id?: unknown };
      if (typeof id === 'string') this.live.get(id)?.onShown?.(update);
    }
  }

  frame(viewId: string, mime: string, view: unknown): void {
    this.send({ type: 'viewFrame', viewId, mime, view });
  }

  change(viewId: string, mime: string, change: unknown): void {
    this.send({ type: 'viewChange', viewId, mime, change });
  }

  /** @throws when this kernel did not make the view */
  async answer(viewId: string, request: ViewRequest): Promise<ViewResult> {
    const view = this.live.get(viewId);
    if (!view) {
      throw new Error('The kernel of this view has ended. Run its cell again to make the view live.');
    }
    return view.answer(request);
  }
}
