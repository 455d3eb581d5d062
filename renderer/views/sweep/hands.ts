/** What a pointer or a key does to a run, whichever panel it is in. */
export interface Hands {
  /**
   * Points at a run; null: at none.
   *
   * @param at   where, in pixels of the window; null: by a key, which needs no card
   * @param says what the panel tells of it
   */
  point(run: number | null, at?: readonly [x: number, y: number] | null, says?: string): void;
  /** Marks it in all panels; the one that is marked already is opened. */
  choose(run: number): void;
  /** Lets go of the one that is marked. */
  release(): void;
}
