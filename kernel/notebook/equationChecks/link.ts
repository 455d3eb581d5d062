/**
 * Which formula a check is about. In this order: the one that the check's option `equation` names by its label; the one
 * in which its identity stands, the nearest above first; the nearest display formula above its cell.
 */

/** A cell, as far as it has formulas or checks; cells in the order of the notebook. */
export type Part =
  | { readonly kind: 'formulas'; readonly formulas: readonly string[] }
  | { readonly kind: 'checks'; readonly checks: readonly LinkedCheck[] };

/** A row of a check's view. */
export interface LinkedCheck {
  /** In LaTeX. */
  readonly identity: string;
  /** The label of the equation that it names. */
  readonly equation?: string;
  readonly holds: boolean;
}

/** `holds`: all of a formula's checks hold; `fails`: one does not; absent: it has none. */
export type Mark = 'holds' | 'fails';

export interface Tally {
  readonly formulas: number;
  readonly hold: number;
  readonly fail: number;
}

export interface Linked {
  /** For each part with formulas, the mark of each of them. */
  readonly marks: readonly (readonly (Mark | undefined)[])[];
  readonly tally: Tally;
}

/** The formula of a check: its place among all formulas of the notebook; undefined if it is about none. */
export type Links = ReadonlyMap<LinkedCheck, number>;

/** The rows of a view that speak of formulas: no exercises, and none that `checks()` shows again below its own cell. */
export function checksIn(view: { readonly id?: unknown; readonly rows?: unknown }): LinkedCheck[] {
  const rows = (Array.isArray(view.rows) ? view.rows : []) as (
    | (Partial<LinkedCheck> & {
        readonly exercise?: unknown;
        readonly place?: { readonly viewId?: unknown };
      })
    | null
  )[];
  return rows.filter((row): row is LinkedCheck => {
    if (typeof row?.identity !== 'string' || typeof row.holds !== 'boolean' || row.exercise !== undefined) return false;
    return row.place?.viewId === undefined || row.place.viewId === view.id;
  });
}

export function linksOf(parts: readonly Part[]): Links {
  const formulas = parts.flatMap((part) => (part.kind === 'formulas' ? part.formulas : [])).map(written);
  const labels = labelsIn(parts);
  const links = new Map<LinkedCheck, number>();
  let above = 0;
  for (const part of parts) {
    if (part.kind === 'formulas') above += part.formulas.length;
    else {
      for (const check of part.checks) {
        const at = placeOf(check, formulas, labels, above);
        if (at !== undefined) links.set(check, at);
      }
    }
  }
  return links;
}

export function linked(parts: readonly Part[], links: Links = linksOf(parts)): Linked {
  const marks: (Mark | undefined)[] = [];
  const counts = parts.flatMap((part) => (part.kind === 'formulas' ? [part.formulas.length] : []));
  const formulas = counts.reduce((sum, count) => sum + count, 0);
  for (const [{ holds }, at] of links) if (marks[at] !== 'fails') marks[at] = holds ? 'holds' : 'fails';
  const all = Array.from({ length: formulas }, (_, i) => marks[i]);
  let start = 0;
  return {
    marks: counts.map((count) => all.slice(start, (start += count))),
    tally: {
      formulas,
      hold: all.filter((mark) => mark === 'holds').length,
      fail: all.filter((mark) => mark === 'fails').length,
    },
  };
}

function placeOf(
  { identity, equation }: LinkedCheck,
  formulas: readonly string[],
  labels: ReadonlyMap<string, number>,
  above: number,
): number | undefined {
  // A label that no equation has links to none: the nearest one would be a guess.
  if (equation !== undefined) return labels.get(equation);
  const part = written(identity);
  for (let i = above - 1; i >= 0; i--) if (stands(part, formulas[i]!)) return i;
  for (let i = above; i < formulas.length; i++) if (stands(part, formulas[i]!)) return i;
  return above > 0 ? above - 1 : undefined;
}

/** A single letter stands in every formula. */
const stands = (part: string, formula: string) =>
  part.length >= 3 && /[=<>]|\\[lg]e/.test(part) && formula.includes(part);

function labelsIn(parts: readonly Part[]): Map<string, number> {
  const labels = new Map<string, number>();
  let at = 0;
  for (const part of parts) {
    if (part.kind !== 'formulas') continue;
    for (const tex of part.formulas) {
      for (const [, label] of tex.matchAll(/\\label\s*\{([^{}]*)\}/g)) {
        if (!labels.has(label!.trim())) labels.set(label!.trim(), at);
      }
      at++;
    }
  }
  return labels;
}

/** What a formula says, however it is spaced, aligned and numbered. */
export function written(tex: string): string {
  return tex
    .replace(/\\(?:label|tag\*?)\s*\{[^{}]*\}|\\(?:notag|nonumber)(?![A-Za-z])/g, '')
    .replace(/\\(?:begin|end)\s*\{(?:equation|align(?:ed|at)?|gather(?:ed)?|split)\*?\}/g, '')
    .replace(
      /\\\\(?:\s*\[[^\]]*\])?|(?<!\\)&|\\[,;:!> ]|\\q?quad(?![A-Za-z])|\\(?:left|right|[bB]igg?[lr]?)(?![A-Za-z])|~/g,
      '',
    )
    .replace(/\\(leq|geq)(?![A-Za-z])/g, (_, command: string) => `\\${command.slice(0, 2)}`)
    .replace(/\s+/g, '')
    .replace(/[.,;]+$/, '');
}
