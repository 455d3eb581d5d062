/** Shows every training that a cell starts: live loss curves, progress with the time left, snapshots, the end. */
import type { TrainingMonitor, TrainingRun } from '../../autoencoders/index';
import type { MimeBundle, ViewRequest, ViewResult } from '../../protocol';
import { bundle, MIME } from '../../views/index';
import { placeOf } from '../../views/progress';
import type { Interrupts } from '../run/interrupts';
import type { Session } from '../session';
import { CurveStates } from './curveStates';
import { LatePictures } from './latePictures';
import { LastRuns } from './runs/lastRuns';

/** Milliseconds between frames for the renderers. */
const FRAME_MS = 100;
/** Milliseconds from the start until the document gets its first snapshots, and between later ones. */
const FIRST_SNAPSHOTS_MS = [500, 2000];
const SNAPSHOT_MS = 5000;
/** Drawing its picture may take this share of a training's time; snapshots between have the picture before. */
const PICTURE_SHARE = 0.02;
/** Milliseconds from the start until the first picture, which takes some 400. Shorter trainings have theirs at the end. */
const FIRST_PICTURE_MS = 20_000;

/** A training, and its output in a cell. */
class ShownRun {
  private readonly update: (bundle: MimeBundle) => void;
  private readonly snapshotsDue: number[];
  private readonly release: () => void;
  private readonly states: CurveStates;
  private readonly keepRun: () => void;
  private frameDue = 0;
  private pictureDue: number;
  private picture: unknown;
  /** The run was over before the training: nothing more is shown of it there. */
  private settled = false;

  constructor(
    private readonly session: Session,
    private readonly run: TrainingRun,
    private readonly execution: NonNullable<Session['current']>,
    lastRuns: LastRuns,
    private readonly pictures: LatePictures,
  ) {
    const now = performance.now();
    const { last, end } = lastRuns.begin(execution, run.history);
    this.keepRun = end;
    this.states = new CurveStates(run.history, run.id, last);
    this.snapshotsDue = FIRST_SNAPSHOTS_MS.map((after) => now + after);
    this.pictureDue = now + FIRST_PICTURE_MS;
    this.update = session.show(this.snapshot());
    this.release = execution.hold(() => this.settle());
    session.views.register(run.id, (request) => this.answer(request));
  }

  stepped(): void {
    const now = performance.now();
    if (now < this.frameDue || this.settled) return;
    this.frameDue = now + FRAME_MS;
    this.tellProgress();
    this.frame();
    this.session.views.trained();
    if (now < (this.snapshotsDue[0] ?? 0)) return;
    this.snapshotsDue.shift();
    if (this.snapshotsDue.length === 0) this.snapshotsDue.push(now + SNAPSHOT_MS);
    this.update(this.snapshot());
  }

  ended(): void {
    this.keepRun();
    this.tellProgress();
    this.session.views.trained();
    this.states.next();
    this.showEnd();
    this.release();
  }

  /**
   * The cell ended over its head: an interrupt, an error beside it. It stops after the step under way, or has stopped and
   * is still saving or closing its logs.
   */
  private settle(): void {
    const isRunning = this.run.history.progress.state === 'running';
    const end = isRunning ? ({ state: 'cancelled', secondsLeft: undefined } as const) : {};
    this.settled = true;
    this.states.next(end);
    this.showEnd();
  }

  /** At once without a new picture. That comes after the cell's own code: whoever waits for the training goes on now. */
  private showEnd(): void {
    this.pictureDue = Infinity;
    this.update(this.snapshot());
    this.pictures.add(this.execution, () => {
      this.pictureDue = 0;
      this.update(this.snapshot());
    });
  }

  private async answer(request: ViewRequest): Promise<ViewResult> {
    switch (request.kind) {
      case 'cancel':
        this.run.cancel();
        return { kind: 'cancelled' };
      case 'watch':
        this.frame();
        this.session.views.frame(this.run.id, MIME.lossCurves, this.states.whole());
        return { kind: 'watched' };
      case 'save':
        await this.run.save(request.path);
        return { kind: 'saved' };
      default:
        throw new Error('Loss curves answer no such request.');
    }
  }

  private tellProgress(): void {
    const { model, history } = this.run;
    const { epoch, epochs } = placeOf(history.progress);
    this.session.progress(this.execution.id, `${model}, epoch ${epoch}/${epochs}`, history.progress);
  }

  private frame(): void {
    const { views } = this.session;
    const change = this.states.next();
    if (change) views.change(this.run.id, MIME.lossCurves, change);
    else views.frame(this.run.id, MIME.lossCurves, this.states.whole());
  }

  /** The state that was sent last, as the document has it. */
  private snapshot(): MimeBundle {
    const { history } = this.run;
    const view = this.states.whole();
    const start = performance.now();
    // An empty figure says nothing.
    if (history.series.length > 0 && start >= this.pictureDue) {
      const whole = bundle(MIME.lossCurves, view);
      this.picture = whole['image/png'];
      this.pictureDue = performance.now() + (performance.now() - start) / PICTURE_SHARE;
      return whole;
    }
    const picture = this.picture === undefined ? {} : { 'image/png': this.picture };
    return { [MIME.lossCurves]: view, ...picture, 'text/plain': view.summary };
  }
}

export class TrainingViews implements TrainingMonitor {
  private readonly shown = new Map<string, ShownRun>();
  private readonly lastRuns = new LastRuns();
  private readonly pictures = new LatePictures();

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

  /** The cell does not end before what it trains, awaited or not. */
  called(): () => void {
    return this.session.current?.hold() ?? (() => {});
  }

  started(run: TrainingRun): void {
    const execution = this.session.current;
    if (execution) this.shown.set(run.id, new ShownRun(this.session, run, execution, this.lastRuns, this.pictures));
  }

  stepped({ id }: TrainingRun): void {
    this.shown.get(id)?.stepped();
  }

  ended({ id }: TrainingRun): void {
    this.shown.get(id)?.ended();
    this.shown.delete(id);
  }
}
