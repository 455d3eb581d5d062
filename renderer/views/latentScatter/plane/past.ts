/** The epochs before: a slider over them, loaded where a view has any. */
import type { LatentScatterView } from '../../../../kernel/views/types';
import { h } from '../../../dom';
import { Lazy } from '../../../lazy';
import type { LatentData } from '../model';
import type { Frames } from './frames';
import type { Scrubber, ScrubberEvents } from './scrubber';

interface Loaded {
  scrubber: Scrubber;
  framesOf(view: LatentScatterView, data: LatentData): Frames | null;
}

export class Past {
  /** Where the slider is to stand. */
  readonly slot = h('div', { class: 'past', hidden: true });
  frames: Frames | null = null;
  private readonly loaded: Lazy<Loaded>;
  private newest: LatentScatterView | undefined;

  /** @param onProblem hears of frames that cannot be read */
  constructor(
    events: ScrubberEvents,
    private readonly onProblem: (error: unknown) => void,
  ) {
    this.loaded = new Lazy(async () => {
      const { framesOf, Scrubber, standIn } = await import('../later');
      const scrubber = new Scrubber(events);
      standIn(this.slot, scrubber.element);
      return { scrubber, framesOf: (view, data) => (view.frames ? framesOf(view.frames, data) : null) };
    });
  }

  /** @param onFrames hears when the frames are there */
  follow(view: LatentScatterView, data: LatentData, onFrames: () => void): void {
    this.newest = view;
    this.frames = null;
    if (!view.frames && !this.loaded.there) return;
    this.loaded.use(({ scrubber, framesOf }) => {
      if (this.newest !== view) return;
      try {
        this.frames = framesOf(view, data);
      } catch (error) {
        return this.onProblem(error);
      }
      scrubber.show(this.frames, view.totalPoints, view.trained?.epochs ?? 0);
      onFrames();
    });
  }

  dispose(): void {
    this.newest = undefined;
    this.loaded.there?.scrubber.dispose();
  }
}
