/** Which cells are to be looked at for problems: one a turn, so that questions are answered in between. */
import type { CellName, Problem } from '../protocol';
import type { NotebookTypes } from './service';

/** While somebody types, after the last key: the current cell soon, and the others when there is time. */
const EDITED_MS = 120;
const OTHERS_MS = 600;

export class ProblemQueue {
  /** In the order in which they are looked at. */
  private readonly waiting = new Map<string, CellName>();
  private readonly notebooks = new Set<string>();
  private readonly told = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly types: NotebookTypes,
    private readonly tell: (cell: CellName, problems: Problem[]) => void,
  ) {}

  /** @param cell the one that was edited, which comes first */
  lookAt(notebook: string, cell?: string): void {
    this.notebooks.add(notebook);
    // An editor that opens a cell anew has forgotten its problems.
    if (cell === undefined) this.forgetTold(notebook);
    const cells = this.types.cells(notebook);
    const names = [...(cell === undefined ? [] : [cell]), ...cells.filter((id) => id !== cell)];
    for (const id of names) this.waiting.delete(keyOf({ notebook, cell: id }));
    const others = [...this.waiting];
    this.waiting.clear();
    for (const id of names) this.waiting.set(keyOf({ notebook, cell: id }), { notebook, cell: id });
    for (const [key, name] of others) this.waiting.set(key, name);
    this.schedule(cell === undefined ? 0 : EDITED_MS);
  }

  lookAtAll(): void {
    for (const notebook of this.notebooks) this.lookAt(notebook);
  }

  forget(notebook: string): void {
    this.notebooks.delete(notebook);
    for (const [key, name] of this.waiting) if (name.notebook === notebook) this.waiting.delete(key);
    this.forgetTold(notebook);
  }

  private forgetTold(notebook: string): void {
    for (const key of this.told.keys()) if (key.startsWith(`${notebook}\n`)) this.told.delete(key);
  }

  private schedule(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.next(wait > 0), wait);
  }

  /** @param isEdited whether this is the cell that somebody edits */
  private next(isEdited: boolean): void {
    const [first] = this.waiting;
    if (!first) return;
    const [key, name] = first;
    this.waiting.delete(key);
    const problems = this.types.problems(name);
    // What has not changed needs no telling.
    const text = JSON.stringify(problems);
    if (this.told.get(key) !== text) {
      this.told.set(key, text);
      this.tell(name, problems);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.next(false), isEdited ? OTHERS_MS : 0);
  }
}

function keyOf({ notebook, cell }: CellName): string {
  return `${notebook}\n${cell}`;
}
