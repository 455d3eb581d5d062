/** The trainings under way in a kernel, as it has told of them: what is to be seen of them once it has ended. */
import type { Display, KernelMessage } from './protocol';
import { stopped } from './views/progress';
import { MIME } from './views/types';
import type { LossCurvesView, TrainingProgress } from './views/types';

export interface RunningTraining {
  /** The loss curves' id, by which the kernel is asked about the training. */
  viewId: string;
  title: string;
  progress: TrainingProgress;
}

interface Known {
  /** The output that shows it, with what the document has. */
  display: Display;
  /** The newest, which is a frame most of the time. */
  view: LossCurvesView;
}

export class RunningTrainings {
  private readonly known = new Map<string, Known>();

  receive(message: KernelMessage): void {
    if (message.type === 'display') this.displayed(message);
    if (message.type !== 'viewFrame' || message.mime !== MIME.lossCurves) return;
    const known = this.known.get(message.viewId);
    if (known && isRunning(message.view)) known.view = message.view;
  }

  get list(): RunningTraining[] {
    return [...this.known].map(([viewId, { view }]) => ({ viewId, title: view.title, progress: view.progress }));
  }

  /** What their outputs show now that the kernel has ended: the curves as they were seen last, and that they stopped. */
  end(): Display[] {
    const ends = [...this.known.values()].map(({ display, view }): Display => {
      const last = stopped(view);
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
    if (isRunning(view)) this.known.set(view.id, { display, view });
    else if (isView(view)) this.known.delete(view.id);
  }
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
