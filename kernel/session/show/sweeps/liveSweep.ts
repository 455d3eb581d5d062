/** A sweep that runs: its folder is followed, and views hear what is new, until all runs have ended or nobody looks. */
import { watch, type FSWatcher } from 'node:fs';
import type { MimeBundle, ViewRequest, ViewResult } from '../../../protocol';
import { bundle, MIME, sweepChange, type SweepView } from '../../../views/index';
import type { LiveViews } from '../liveViews';
import type { SweepState } from './sweepState';

/** Milliseconds between looks at the folder where nobody tells of changes: on file systems that other machines write to. */
const POLL_MS = 2000;
/** Milliseconds from a change to the look at it, in which others may come. */
const SOON_MS = 250;
/** Milliseconds between states that the document gets, while there are changes. */
const SNAPSHOT_MS = 15_000;
/** A picture of more runs than these takes long. */
const LARGE = 200;
/** Runs under way whose folders are watched. */
const WATCHED = 64;

export class LiveSweep {
  private revision = 0;
  private watchers: FSWatcher[] = [];
  private watched = '';
  private timer: NodeJS.Timeout | undefined;
  private dueSoon = false;
  private looking = false;
  /** Pages that look; before any has asked, one does: the output that has just been made. */
  private pages: number | undefined;
  private snapshotDue = performance.now() + SNAPSHOT_MS;
  private isFollowing = false;
  private readonly outputs: ((bundle: MimeBundle) => void)[] = [];

  constructor(
    private readonly views: LiveViews,
    private readonly id: string,
    private readonly state: SweepState,
    private readonly warn: (message: string) => void = () => undefined,
  ) {
    views.register(id, (request) => this.answer(request), { onShown: (update) => this.shown(update) });
    if (state.sweep.running) this.follow();
  }

  get view(): SweepView {
    return this.state.view(this.revision);
  }

  /** For an output; of many runs without the picture, which takes seconds and follows. */
  get bundle(): MimeBundle {
    const { view } = this;
    return this.isLarge ? { [MIME.sweep]: view, 'text/plain': view.summary } : bundle(MIME.sweep, view);
  }

  private get isLarge(): boolean {
    return this.state.sweep.count > LARGE;
  }

  private shown(update: (bundle: MimeBundle) => void): void {
    this.outputs.push(update);
    if (this.isLarge) setImmediate(() => update(bundle(MIME.sweep, this.view)));
  }

  /** Whether the folder is being followed. */
  get following(): boolean {
    return this.isFollowing;
  }

  // --- looking ----------------------------------------------------------------------------------------------------

  private follow(): void {
    if (this.isFollowing) return;
    this.isFollowing = true;
    this.watchFolders();
    this.lookIn(POLL_MS);
  }

  private rest(): void {
    this.isFollowing = false;
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const watcher of this.watchers.splice(0)) watcher.close();
    this.watched = '';
  }

  private lookIn(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), milliseconds).unref();
  }

  /** Where runs under way write; a watcher that cannot be had leaves it to the next look. */
  private watchFolders(): void {
    const folders = this.state.running.slice(0, WATCHED);
    if (this.watched === folders.join('\n')) return;
    this.watched = folders.join('\n');
    for (const watcher of this.watchers.splice(0)) watcher.close();
    for (const folder of folders) {
      try {
        const watcher = watch(folder, { persistent: false }, () => this.changed());
        watcher.on('error', () => watcher.close());
        this.watchers.push(watcher);
      } catch {
        // No more watchers, or none on this file system.
      }
    }
  }

  private changed(): void {
    if (!this.isFollowing || this.dueSoon) return;
    this.dueSoon = true;
    this.lookIn(SOON_MS);
  }

  private async look(): Promise<void> {
    this.dueSoon = false;
    if (this.looking || !this.isFollowing) return;
    this.looking = true;
    try {
      await this.tell();
    } catch (error) {
      // The folder was moved, or its disk is gone for now.
      this.warn(`The sweep's folder can no longer be read: ${(error as Error).message}`);
      this.rest();
    } finally {
      this.looking = false;
    }
    if (!this.state.sweep.running) this.rest();
    if (!this.isFollowing) return;
    this.watchFolders();
    this.lookIn(POLL_MS);
  }

  // --- telling ----------------------------------------------------------------------------------------------------

  private async tell(): Promise<void> {
    const { before, pictures } = await this.state.next();
    const { sweep } = this.state;
    const change = before && sweepChange(before, sweep, this.revision + 1);
    if (change === null && !pictures) return;
    this.revision += 1;
    if (change === undefined) this.views.frame(this.id, MIME.sweep, this.view);
    else {
      const { summary, notes, running } = sweep;
      const same = { revision: this.revision, summary, notes, running, runs: [] };
      const news = { ...(change ?? same), ...(pictures && { pictures: [...this.state.bestOnes] }) };
      this.views.change(this.id, MIME.sweep, news);
    }
    if (!sweep.running) this.show(bundle(MIME.sweep, this.view));
    else if (performance.now() >= this.snapshotDue) {
      this.snapshotDue = performance.now() + SNAPSHOT_MS;
      // Without a picture, which takes a while: the one at the end has it.
      this.show({ [MIME.sweep]: this.view, 'text/plain': sweep.summary });
    }
  }

  private show(content: MimeBundle): void {
    for (const update of this.outputs) update(content);
  }

  private async answer(request: ViewRequest): Promise<ViewResult> {
    switch (request.kind) {
      case 'watch': {
        this.pages = (this.pages ?? 0) + 1;
        if (!this.looking) await this.tell();
        this.views.frame(this.id, MIME.sweep, this.view);
        if (this.state.sweep.running) this.follow();
        else this.rest();
        return { kind: 'watched' };
      }
      case 'unwatch':
        this.pages = Math.max(0, (this.pages ?? 1) - 1);
        if (this.pages === 0) this.rest();
        return { kind: 'watched' };
      case 'runPicture': {
        const picture = await this.state.pictureOf(request.run);
        return { kind: 'runPicture', picture: picture ?? null };
      }
      default:
        throw new Error('A sweep does not answer this request.');
    }
  }
}
