/** The filter of runs. Its language is loaded for the first text: a first frame without one does not wait for it. */
import type { Column } from '../../../kernel/views/sweep/data';
import type * as Language from '../../../kernel/views/sweep/filter/filter';
import type { Filter, FilterError } from '../../../kernel/views/sweep/filter/filter';

let language: typeof Language | undefined;

/** Settles when texts are understood. */
export async function loadFilters(): Promise<void> {
  language ??= await import('../../../kernel/views/sweep/filter/filter');
}

const ALL: Filter = () => true;

export class RunFilter {
  text = '';
  problem: FilterError | null = null;
  private passes: Filter = ALL;

  /**
   * Keeps the runs that were shown where the text is none.
   *
   * @returns whether the text has been read; else it has to be set again when {@link loadFilters} has settled
   */
  set(text: string, columns: readonly Column[]): boolean {
    this.text = text;
    if (text.trim() === '') this.passes = ALL;
    else if (language === undefined) return false;
    else {
      try {
        this.passes = language.filterOf(text, columns);
      } catch (error) {
        if (!(error instanceof language.FilterError)) throw error;
        this.problem = error;
        return true;
      }
    }
    this.problem = null;
    return true;
  }

  /** Whether a run, by its place, is shown. */
  has(run: number): boolean {
    return this.passes(run);
  }
}
