/** A comparison of trainings while some still run: it sends what is new until the last has ended. */
import { observeTraining } from '../../../autoencoders/index';
import type { TrainingHistory, TrainingRun } from '../../../autoencoders/index';
import type { MimeBundle, ViewRequest, ViewResult } from '../../../protocol';
import { bundle, comparisonChange, encodeComparison, MIME, plainComparison } from '../../../views/index';
import type { ComparisonInput, ComparisonView, PlainComparison } from '../../../views/index';
import type { LiveViews } from '../liveViews';

/** Milliseconds between states for the renderers, and between those that the document gets. */
const FRAME_MS = 100;
const SNAPSHOT_MS = 5000;

export class LiveComparison {
  private state: PlainComparison;
  private revision = 0;
  private frameDue = 0;
  private snapshotDue = performance.now() + SNAPSHOT_MS;
  private readonly outputs: ((bundle: MimeBundle) => void)[] = [];
  private readonly leave: () => void;

  /** @param input with the histories themselves, which grow */
  constructor(
    private readonly views: LiveViews,
    private readonly input: ComparisonInput,
  ) {
    this.state = plainComparison(input);
    views.register(input.id, (request) => this.answer(request), { onShown: (update) => this.outputs.push(update) });
    this.leave = observeTraining({
      started: () => {},
      stepped: (run) => this.stepped(run),
      ended: (run) => this.ended(run),
    });
  }

  get view(): ComparisonView {
    return { ...encodeComparison(this.state), revision: this.revision };
  }

  private isOf({ history }: TrainingRun): boolean {
    return this.histories.includes(history);
  }

  private get histories(): TrainingHistory[] {
    return this.input.groups.flatMap(({ runs }) => runs as TrainingHistory[]);
  }

  private stepped(run: TrainingRun): void {
    const now = performance.now();
    if (now < this.frameDue || !this.isOf(run)) return;
    this.frameDue = now + FRAME_MS;
    this.tell();
    if (now < this.snapshotDue) return;
    this.snapshotDue = now + SNAPSHOT_MS;
    // Without a picture, which takes a while: the one at the end has it.
    this.show({ [MIME.comparison]: this.view, 'text/plain': this.view.summary });
  }

  private ended(run: TrainingRun): void {
    if (!this.isOf(run)) return;
    this.tell();
    this.show(bundle(MIME.comparison, this.view));
    if (this.histories.every(({ progress }) => progress.state !== 'running')) this.leave();
  }

  private tell(): void {
    const before = this.state;
    this.state = plainComparison(this.input);
    this.revision += 1;
    const change = comparisonChange(before, this.state, this.revision);
    if (change) this.views.change(this.input.id, MIME.comparison, change);
    else this.views.frame(this.input.id, MIME.comparison, this.view);
  }

  private show(content: MimeBundle): void {
    for (const update of this.outputs) update(content);
  }

  private answer(request: ViewRequest): ViewResult {
    if (request.kind !== 'watch') throw new Error('A comparison of trainings does not answer this request.');
    this.tell();
    this.views.frame(this.input.id, MIME.comparison, this.view);
    return { kind: 'watched' };
  }
}
