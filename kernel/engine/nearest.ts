/** The name that was meant. */

/** ` (did you mean "relu"?)`, where one of the names is close to the word; nothing where none is. */
export function meant(word: unknown, names: readonly unknown[]): string {
  const name = nearest(word, names);
  return name === undefined || name === word ? '' : ` (did you mean "${name}"?)`;
}

/**
 * The name that takes the fewest slips to become the word: letters left out, added, exchanged, or two swapped. Undefined
 * where even that one takes more than a third of its letters, or more than three; and where short words begin otherwise,
 * since `gpu` is no slip for `cpu`.
 */
export function nearest(word: unknown, names: readonly unknown[]): string | undefined {
  if (typeof word !== 'string') return undefined;
  const ranked = names
    .filter((name) => typeof name === 'string')
    .map((name) => ({ name, slips: slipsBetween(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.slips - b.slips);
  const [first] = ranked;
  const most = Math.min(3, Math.floor(Math.max(word.length, first?.name.length ?? 0) / 3));
  if (!first || first.slips > most) return undefined;
  const short = Math.min(word.length, first.name.length) < 5;
  return short && word[0]?.toLowerCase() !== first.name[0]?.toLowerCase() ? undefined : first.name;
}

/** Optimal string alignment: Damerau 1964, with no letter in two slips. */
function slipsBetween(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  rows[0] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = least;
    }
  }
  return rows[a.length]![b.length]!;
}
