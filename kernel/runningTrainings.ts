/** The trainings under way in a kernel, as it has told of them: what is to be seen of them once it has ended. */
import type { Display, KernelMessage } from './protocol';
import { changed } from './views/lossCurvesChange';
import { stopped } from './views/progress';
import { MIME } from './views/types';
import type { LossCurvesChange, LossCurvesView, TrainingProgress } from './views/types';

export interface RunningTraining {
  /** The loss curves' id, by which the kernel is asked about the training. */
  viewId: string;
  title: string;
  progress: TrainingProgress;
}

interface Known {
  /** The output that shows it, with what the document has. */
  display: Display;
  /** The newest that came whole. */
  view: LossCurvesView;
  /** What was sent since. */
  changes: LossCurvesChange[];
}

export class RunningTrainings {
  private readonly known = new Map<string, Known>();

  receive(message: KernelMessage): void {
    if (message.type === 'display') this.displayed(message);
    if (message.type !== 'viewFrame' && message.type !== 'viewChange') return;
    const known = this.known.get(message.viewId);
    if (!known || message.mime !== MIME.lossCurves) return;
    if (message.type === 'viewChange') known.changes.push(message.change as LossCurvesChange);
    else if (isRunning(message.view)) Object.assign(known, { view: message.view, changes: [] });
  }

  get list(): RunningTraining[] {
    return [...this.known].map(([viewId, { view, changes }]) => {
      const { progress } = changes.at(-1) ?? view;
      return { viewId, title: view.title, progress };
    });
  }

  /** What their outputs show now that the kernel has ended: the curves as they were seen last, and that they stopped. */
  end(): Display[] {
    const ends = [...this.known.values()].map(({ display, view, changes }): Display => {
      const last = stopped(newest(view, changes));
      const { 'image/png': picture } = display.bundle;
      return {
        ...display,
        update: true,
        bundle: {
          [MIME.lossCurves]: last,
          ...(picture !== undefined && { 'image/png': picture }),
          'text/plain': last.summary,
        },
      };
    });
    this.known.clear();
    return ends;
  }

  private displayed(display: Display): void {
    const view = display.bundle[MIME.lossCurves];
    if (isRunning(view)) this.known.set(view.id, { display, view, changes: [] });
    else if (isView(view)) this.known.delete(view.id);
  }
}

/** A host that came later has not heard all of them. */
function newest(view: LossCurvesView, changes: readonly LossCurvesChange[]): LossCurvesView {
  let state = view;
  for (const change of changes) if (change.revision === (state.revision ?? 0) + 1) state = changed(state, change);
  return state;
}

/** Whether an output shows a training that is under way. */
export function showsTraining({ bundle }: Display): boolean {
  return isRunning(bundle[MIME.lossCurves]);
}

function isRunning(view: unknown): view is LossCurvesView {
  return isView(view) && view.progress.state === 'running';
}

/** A cell may show anything under our MIME type. */
function isView(view: unknown): view is LossCurvesView {
  const { id, progress, summary } = (view ?? {}) as Partial<LossCurvesView>;
  return typeof id === 'string' && typeof summary === 'string' && typeof progress === 'object' && progress !== null;
}
