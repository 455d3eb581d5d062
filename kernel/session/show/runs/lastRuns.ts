/** The trainings that cells ran before, so that a cell that runs again can show its last run behind the new one. */
import type { TrainingHistory } from '../../../autoencoders/index';
import { lastRunOf } from '../../../views/index';
import type { LastRun } from '../../../views/index';
import type { Execution } from '../../run/execution';
import { settingsDifferences } from './settingsDifferences';

interface Ended {
  run: Omit<LastRun, 'note'>;
  settings: TrainingHistory['settings'];
}

interface Cell {
  executionId: string;
  /** Trainings that the run of the cell under way has begun. */
  begun: number;
  /** By their places among the trainings of the cell. */
  ended: (Ended | undefined)[];
  /** Those of the run before. */
  before: readonly (Ended | undefined)[];
}

/** Cells remembered; the one that trained longest ago is forgotten first. */
const MOST_CELLS = 100;

export class LastRuns {
  private readonly cells = new Map<string, Cell>();

  /**
   * A cell begins a training.
   *
   * @returns the last run of it, if there is one of the same unit, and what is to be called at the end of the new one
   */
  begin(execution: Execution, history: TrainingHistory): { last: LastRun | undefined; end: () => void } {
    const cell = this.cellOf(execution);
    const place = cell.begun++;
    const end = () => {
      const run = lastRunOf(history);
      if (run) cell.ended[place] = { run, settings: history.settings };
    };
    const before = cell.before[place];
    if (before?.run.unit !== history.unit) return { last: undefined, end };
    return { last: { ...before.run, note: noteOf(before, history) }, end };
  }

  private cellOf({ id, message }: Execution): Cell {
    // A cell keeps the address of its document while others come and go above it; its name is its number.
    const key = message.source ?? message.cellName;
    const known = this.cells.get(key);
    if (known?.executionId === id) return known;
    // A run that failed before its training leaves the one before it the last.
    const before = known && (known.ended.length > 0 ? known.ended : known.before);
    const cell: Cell = { executionId: id, begun: 0, ended: [], before: before ?? [] };
    this.cells.delete(key);
    this.cells.set(key, cell);
    const oldest = this.cells.keys().next().value;
    if (this.cells.size > MOST_CELLS && oldest !== undefined) this.cells.delete(oldest);
    return cell;
  }
}

function noteOf({ settings, run }: Ended, history: TrainingHistory): string {
  const ended = run.state === 'done' ? '' : `, which was ${run.state},`;
  const differences = settingsDifferences([{ settings }, history]);
  if (differences === undefined) return `The last run of this cell${ended} is drawn behind these curves.`;
  if (differences === '') return `The last run of this cell${ended} had the same settings.`;
  return `Changed since the last run of this cell${ended.replace(/,$/, '')}: ${differences}.`;
}
