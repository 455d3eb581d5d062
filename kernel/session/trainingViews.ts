/** Shows every training that a cell starts: live loss curves, progress with the time left, a final snapshot. */
import type { TrainingMonitor, TrainingRun } from '../autoencoders/index';
import type { MimeBundle } from '../protocol';
import { bundle, lossCurves, MIME } from '../views/index';
import type { Interrupts } from './interrupts';
import type { Session } from './session';

/** Milliseconds between frames for the renderers, and between snapshots for the document. */
const FRAME_MS = 100;
const SNAPSHOT_MS = 15_000;

interface ShownRun {
  update(bundle: MimeBundle): void;
  nextFrame: number;
  nextSnapshot: number;
  executionId: string;
  /** The cell that started the training runs until it is over, waited for or not. */
  release(): void;
}

export class TrainingViews implements TrainingMonitor {
  private readonly shown = new Map<string, ShownRun>();

  constructor(
    private readonly session: Session,
    private readonly interrupts: Interrupts,
  ) {}

  get signal(): AbortSignal | undefined {
    return this.session.current?.signal;
  }

  criticalSection(busy: boolean): void {
    this.interrupts.critical(busy);
  }

  started(run: TrainingRun): void {
    const execution = this.session.current;
    if (!execution) return;
    this.session.views.register(run.id, (request) => {
      if (request.kind !== 'cancel') throw new Error('Loss curves answer no such request.');
      run.cancel();
      return { kind: 'cancelled' };
    });
    const now = performance.now();
    const update = this.session.show(snapshot(run));
    this.shown.set(run.id, {
      update,
      nextFrame: now,
      nextSnapshot: now + SNAPSHOT_MS,
      executionId: execution.id,
      release: execution.hold(),
    });
  }

  stepped(run: TrainingRun): void {
    const shown = this.shown.get(run.id);
    const now = performance.now();
    if (!shown || now < shown.nextFrame) return;
    shown.nextFrame = now + FRAME_MS;
    this.session.views.frame(run.id, MIME.lossCurves, lossCurves(run.history, { id: run.id }));
    this.session.progress(shown.executionId, labelOf(run), run.history.progress);
    if (now >= shown.nextSnapshot) {
      shown.nextSnapshot = now + SNAPSHOT_MS;
      shown.update(snapshot(run));
    }
  }

  ended(run: TrainingRun): void {
    const shown = this.shown.get(run.id);
    if (!shown) return;
    this.shown.delete(run.id);
    this.session.progress(shown.executionId, labelOf(run), run.history.progress);
    shown.update(snapshot(run));
    shown.release();
  }
}

function labelOf({ model, history }: TrainingRun): string {
  const { epoch, epochs } = history.progress;
  return `${model}, epoch ${epoch}/${epochs}`;
}

function snapshot(run: TrainingRun): MimeBundle {
  return bundle(MIME.lossCurves, lossCurves(run.history, { id: run.id }));
}
