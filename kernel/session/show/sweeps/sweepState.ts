/** A sweep's view, state by state: from files to the view, its pictures among it. */
import type { RunPicture, SweepView } from '../../../views/index';
import { bestRuns, encodeSweep, PICTURES_ROOM, plainSweep, type PlainSweep } from '../../../views/index';
import { pictureOfNotebook, smallPicture, type FoundPicture } from './runPictures';
import type { SweepFiles, RunRead } from './sweepFiles';
import { sweepInput, type SweepNaming } from './sweepInput';

/** Where a picture of a run comes from when its notebook is not asked, or shows none. */
export type PictureSource = (run: RunRead) => Promise<FoundPicture | undefined>;

/** Best runs, by several metrics, that have pictures. */
const PICTURES = 3;

export interface SweepStateOptions extends SweepNaming {
  /** Asked first; absent: notebooks alone. */
  picture?: PictureSource | undefined;
}

export class SweepState {
  private runs: readonly RunRead[] = [];
  private plain: PlainSweep | undefined;
  private shownPictures: readonly RunPicture[] = [];
  /** By the run's number and how it ended. */
  private readonly pictures = new Map<string, Promise<FoundPicture | undefined>>();

  private constructor(
    private readonly files: SweepFiles,
    private readonly options: SweepStateOptions,
  ) {}

  /** @throws SweepFolderError when there is no sweep */
  static async read(files: SweepFiles, options: SweepStateOptions): Promise<SweepState> {
    const state = new SweepState(files, options);
    await state.next();
    return state;
  }

  /** Reads what has changed. @returns the state before, and whether other pictures are shown now */
  async next(): Promise<{ before: PlainSweep | undefined; pictures: boolean }> {
    const read = await this.files.read();
    const before = this.plain;
    this.runs = read.runs;
    this.plain = plainSweep(sweepInput(read, this.options));
    const known = this.shownPictures;
    this.shownPictures = await this.bestPictures();
    return { before, pictures: known.map(({ run }) => run).join() !== this.shownPictures.map(({ run }) => run).join() };
  }

  get sweep(): PlainSweep {
    return this.plain!;
  }

  get bestOnes(): readonly RunPicture[] {
    return this.shownPictures;
  }

  view(revision?: number): SweepView {
    return { ...encodeSweep(this.sweep, this.shownPictures), ...(revision !== undefined && { revision }) };
  }

  /** Folders of runs that are under way. */
  get running(): string[] {
    return this.runs.filter(({ record }) => record.state === 'running').map(({ folder }) => folder);
  }

  /** What a run's model makes of samples, by the run's place. */
  async pictureOf(place: number, room = PICTURES_ROOM): Promise<RunPicture | undefined> {
    const run = this.runs[place];
    if (!run?.notebook && !this.options.picture) return undefined;
    const found = run && (await this.found(run));
    const view = found && smallPicture(found.view, room);
    return found && view && { run: place, view, source: found.source };
  }

  private found(run: RunRead): Promise<FoundPicture | undefined> {
    const { index, record } = run;
    const key = `${index} ${record.state} ${record.end}`;
    const known = this.pictures.get(key);
    if (known) return known;
    const asked = (this.options.picture?.(run) ?? Promise.resolve(undefined)).then(
      (picture) => picture ?? pictureOfNotebook(run.folder),
    );
    this.pictures.set(key, asked);
    return asked;
  }

  private async bestPictures(): Promise<RunPicture[]> {
    // The notebook of a run under way is not there, or not whole.
    const ended = bestRuns(this.sweep).filter(({ run }) => this.runs[run]!.record.state !== 'running');
    const found: RunPicture[] = [];
    for (const { run } of ended.slice(0, PICTURES)) {
      const picture = await this.pictureOf(run, PICTURES_ROOM / PICTURES);
      if (picture) found.push(picture);
    }
    return found;
  }
}
