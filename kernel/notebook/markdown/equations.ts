/**
 * Equation numbers and references, which KaTeX does not keep: `\label` gives an equation a number, every row of a
 * numbered environment (equation, align, gather, alignat) gets one, and `\ref` and `\eqref` become links to it.
 */

/** LaTeX with its numbers written out as `\tag`. */
export interface NumberedEquation {
  tex: string;
  /** Anchors of its labels. */
  anchors: string[];
  /** What its tags say, in their order. */
  numbers: string[];
}

const NUMBERED = /^\s*\\begin\s*\{(equation|align|gather|alignat)\}([\s\S]*)\\end\s*\{\1\}\s*$/;
const LABEL = /\\label\s*\{([^{}]*)\}/g;
const TAG = /\\tag\*?\s*\{([^{}]*)\}/;
const UNNUMBERED = /\\(?:notag|nonumber)(?![A-Za-z])/;
const REFERENCE = /\\(eqref|ref)\s*\{([^{}]*)\}/g;

export class Equations {
  private readonly numbers = new Map<string, string>();
  private last = 0;

  /** Numbers one display equation; call in the order of the document, before references are resolved. */
  number(tex: string): NumberedEquation {
    const environment = NUMBERED.exec(tex);
    if (!environment) {
      const labels = labelsOf(tex);
      if (labels.length === 0) return { tex, anchors: [], numbers: tagsOf(tex) };
      return this.numberRow(tex);
    }
    const [, name, body] = environment as unknown as [string, string, string];
    const rows = name === 'equation' ? [body] : splitRows(body);
    const numbered = rows.map((row) =>
      row.trim() === '' ? { tex: row, anchors: [], numbers: [] } : this.numberRow(row),
    );
    return {
      tex: `\\begin{${name}}${numbered.map((row) => row.tex).join('\\\\')}\\end{${name}}`,
      anchors: numbered.flatMap((row) => row.anchors),
      numbers: numbered.flatMap((row) => row.numbers),
    };
  }

  private numberRow(row: string): NumberedEquation {
    const labels = labelsOf(row);
    const bare = row.replace(LABEL, '');
    const own = TAG.exec(bare)?.[1];
    if (own === undefined && UNNUMBERED.test(bare)) {
      return { tex: bare.replace('\\nonumber', '\\notag'), anchors: [], numbers: [] };
    }
    const number = own ?? String(++this.last);
    for (const label of labels) {
      if (!this.numbers.has(label)) this.numbers.set(label, number);
    }
    const tex = own === undefined ? `${bare.trimEnd()}\\tag{${number}}` : bare;
    return { tex, anchors: labels.map(anchorOf), numbers: [number] };
  }

  /** References inside a formula as KaTeX links. */
  resolveInTex(tex: string): string {
    return tex.replace(REFERENCE, (_, kind: string, label: string) => {
      const number = this.numbers.get(label) ?? '??';
      return `\\href{#${anchorOf(label)}}{\\text{${kind === 'eqref' ? `(${number})` : number}}}`;
    });
  }

  /** The number of a labelled equation; undefined when no equation has the label. */
  numberOf(label: string): string | undefined {
    return this.numbers.get(label);
  }
}

export const anchorOf = (label: string) => `eq-${label.replace(/[^A-Za-z0-9_-]+/g, '-')}`;

const tagsOf = (tex: string) => [...tex.matchAll(new RegExp(TAG, 'g'))].map((match) => match[1]!);

const labelsOf = (tex: string) => [...tex.matchAll(LABEL)].map((match) => match[1]!.trim());

/** Splits at the line breaks (two backslashes) that belong to the environment itself, not to a nested one. */
function splitRows(body: string): string[] {
  const rows: string[] = [''];
  let depth = 0;
  for (const [token] of body.matchAll(/\\begin|\\end|\\\\(?:\s*\[[^\]]*\])?|\\.|[{}]|[^\\{}]+/gs)) {
    if (token === '\\begin' || token === '{') depth++;
    if (token === '\\end' || token === '}') depth--;
    if (depth === 0 && token.startsWith('\\\\')) rows.push('');
    else rows[rows.length - 1] += token;
  }
  return rows;
}
