/**
 * A kernel that works on a run of many: its trainings keep themselves, continue with what an earlier kernel has kept,
 * and tell the host of their epochs and curves.
 */
import { observeTraining, type TrainingMonitor, type TrainingRun } from '../../autoencoders/index';
import { keepTrainings } from '../../autoencoders/training/checkpoints/keptTrainings';
import type { EpochRecord } from '../../autoencoders/training/logs/records';
import type { KernelMessage, KeptTrainings } from '../../protocol';
import type { HalvingRung } from '../../sweeps/results';
import { currentSession } from '../current';
import { InterruptedError } from '../errors';
import { curvesOf } from './curves';
import { countResumed, stopAt, tellReport } from './rung';
import { begin, end, isTraining } from './underWay';

/** Milliseconds until the host first hears a training's curves, and between later times. */
const FIRST_MS = 1000;
const TELL_MS = 5000;

/** For the length of the process. */
let pausing: ((send: (message: KernelMessage) => void) => void) | undefined;

/** From now on. */
export function keepRun({ folder, everyMinutes, rung }: KeptTrainings): void {
  const teller = new Teller();
  if (rung) stopAt(rung as HalvingRung, () => teller.stop());
  keepTrainings({ folder, everyMinutes, resumed: (place) => teller.resumes(place) });
  observeTraining(teller);
  // Slurm ends a task by a signal to each of its processes. What becomes of this one its host says, and ends with it.
  process.on('SIGTERM', () => undefined);
  pausing = (send) => teller.pause(send);
}

/** Ends the training under way, when it has kept itself, and says so. */
export function pauseTrainings(send: (message: KernelMessage) => void): void {
  if (pausing) pausing(send);
  else send({ type: 'paused' });
}

class Teller implements TrainingMonitor {
  private readonly controller = new AbortController();
  private readonly due = new Map<TrainingRun, number>();
  private readonly indices = new Map<TrainingRun, number>();
  /** The model that was trained first: its measures are called by their names alone. */
  private first: string | undefined;
  private sayPaused: (() => void) | undefined;
  /** Where the training that starts next continues. */
  private resumed: { step: number; isOver: boolean } | undefined;

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the training under way after its step; one that begins later ends before its first one. */
  stop(): void {
    this.controller.abort(new InterruptedError());
  }

  pause(send: (message: KernelMessage) => void): void {
    this.stop();
    const say = () => send({ type: 'paused' });
    if (isTraining()) this.sayPaused = say;
    else say();
  }

  resumes({ step, isOver }: { step: number; isOver: boolean }): void {
    this.resumed = { step, isOver };
  }

  started(run: TrainingRun): void {
    const training = begin(run);
    this.indices.set(run, training);
    if (this.resumed) {
      currentSession().tell?.({ type: 'trainingResumed', training, ...this.resumed });
      countResumed(training, this.resumed.step);
    }
    this.resumed = undefined;
    this.first ??= run.history.settings?.model;
    this.due.set(run, performance.now() + FIRST_MS);
  }

  stepped(run: TrainingRun): void {
    if (performance.now() >= this.due.get(run)!) this.tell(run);
  }

  epochEnded(run: TrainingRun, { step, epoch, train, validation }: EpochRecord): void {
    const model = run.history.settings?.model;
    const prefix = model === this.first ? '' : `${model}.`;
    const named = (split: string, terms: Readonly<Record<string, number>>) =>
      Object.entries(terms).map(([term, value]) => [`${prefix}${split}.${term}`, value]);
    const values = Object.fromEntries([...named('train', train), ...named('validation', validation ?? {})]);
    tellReport({ training: this.indices.get(run)!, step, epoch, values });
  }

  ended(run: TrainingRun): void {
    this.tell(run);
    end(run);
    this.due.delete(run);
    this.indices.delete(run);
    if (isTraining()) return;
    this.sayPaused?.();
    this.sayPaused = undefined;
  }

  private tell(run: TrainingRun): void {
    this.due.set(run, performance.now() + TELL_MS);
    currentSession().tell?.({ type: 'trainingTold', training: curvesOf(run.history, this.indices.get(run)!) });
  }
}
