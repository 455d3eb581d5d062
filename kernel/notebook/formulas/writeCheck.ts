/** “Check This Formula”: a display formula as a cell that holds its sides against each other. */
import { checkedRelation, statementsOf, type Claim } from './read/claims';
import { SideWriter } from './write/code';
import type { Inputs, SideCode } from './write/inputs';
import { declarations } from './write/declarations';
import type { Expression } from './read/expression';
import { NotUnderstood, partsOf } from './read/expression';
import { comment, literal, wrapped } from './write/layout';
import { spoken } from './write/names';
import { parseSide } from './read/parse';
import { sideTex, texOf, tidy } from './read/source';
import { tokensOf, type Token } from './read/tokens';

export interface Written {
  readonly code: string;
  /** How much of the formula the library computes: all of it, a part, or nothing. */
  readonly understood: 'all' | 'part' | 'nothing';
}

export interface WriteOptions {
  /** The label of the equation, where it has one. */
  readonly label?: string | undefined;
  /** The formula in plain text, for the comment. */
  readonly text: string;
  /** What the notebook declares above: names and the types that they say they have. */
  readonly declared: ReadonlyMap<string, string>;
}

interface Row {
  readonly identity: string;
  readonly relation: '=' | '≤' | '≥';
  readonly isClose: boolean;
  readonly left: SideCode;
  readonly right: SideCode;
}

/**
 * The cell of a formula. Where a part has no meaning here, a function stands for it that says so when it is called, and
 * the comment tells which part it is and why.
 *
 * @param tex without dollars
 */
export function writeCheck(tex: string, options: WriteOptions): Written {
  const remarks: string[] = [];
  const inputs: Inputs = {
    library: new Set(['check']),
    helpers: new Set(),
    given: new Set(),
    scalars: new Map(),
    arrays: new Map(),
    functions: new Map(),
    stubs: new Map(),
  };
  const source = withoutLabels(tex);
  const { claims, alone, tokens } = claimsOf(source, remarks);
  const sides = claims.map(({ left, right, ...claim }) => ({
    ...claim,
    left: { tokens: left, means: parsed(left, source) },
    right: { tokens: right, means: parsed(right, source) },
  }));
  const all = sides.flatMap(({ left, right }) => [left.means, right.means]);
  const name = namer(options.declared);
  const points = new Set(all.flatMap((side) => [...partsOf(side)].flatMap(pointsOf)));
  const writer = () => new SideWriter(inputs, name, all.some(speaksOfPosterior), points);
  const rows = sides.map(({ left, right, relation }): Row => {
    if (relation === ':=') remarks.push(definition(left.means));
    return {
      identity: identityOf(left.tokens, relation, right.tokens, tokens, source),
      relation: checkedRelation(relation) ?? '=',
      isClose: relation === '≈',
      left: writer().write(left.means),
      right: writer().write(right.means),
    };
  });
  for (const { identity } of rows.filter(isSame)) {
    remarks.push(
      `${identity}: both sides are computed in the same way here, so the check says nothing. Compute one in another way.`,
    );
  }
  const known = rows.length > 0 ? rows : [loneRow(alone, source, inputs, writer())];
  const isLone = rows.length === 0 && !isNothing(known[0]!);
  const stubs = [...inputs.stubs].map(([stub, { why, tex: part }]) => `${stub}(): ${why}${part ? ` (${part})` : ''}.`);
  if (stubs.length > 0) remarks.push(...stubs);
  const call = checkCall(known, options);
  return {
    code: [
      comment(options.text),
      ...(remarks.length > 0 ? ['//', ...remarks.map((remark) => comment(remark))] : []),
      ...declarations(inputs, options.declared, name, call),
      '',
      call,
      '',
    ]
      .join('\n')
      .trimEnd(),
    understood: isLone ? 'part' : known.every(isNothing) ? 'nothing' : inputs.stubs.size > 0 ? 'part' : 'all',
  };
}

/** How relations are written in LaTeX. */
const WRITTEN: Record<string, string> = { '≤': '\\le', '≥': '\\ge', '≪': '\\ll', '≫': '\\gg', '≈': '\\approx' };

/** What numbers a formula is no part of it. */
function withoutLabels(tex: string): string {
  return tex.replace(/\\(?:label|eqref|ref|tag\*?)\s*\{[^{}]*\}|\\(?:notag|nonumber)(?![A-Za-z])/g, '').trim();
}

function identityOf(
  left: readonly Token[],
  relation: string,
  right: readonly Token[],
  all: readonly Token[],
  source: string,
): string {
  const sides = [sideTex(left, all, source), sideTex(right, all, source)];
  if (sides.includes(undefined)) return tidy(source);
  return sides.join(` ${WRITTEN[relation] ?? relation} `);
}

interface Found {
  readonly claims: Claim[];
  /** What stands without a relation. */
  readonly alone: readonly (readonly Token[])[];
  readonly tokens: readonly Token[];
}

function claimsOf(tex: string, remarks: string[]): Found {
  let tokens: Token[];
  try {
    tokens = tokensOf(tex);
  } catch (error) {
    remarks.push(`KaTeX cannot read this formula: ${(error as Error).message.replace(/\u0332/g, '')}`);
    return { claims: [], alone: [], tokens: [] };
  }
  const { claims, alone } = statementsOf(tokens);
  const held = claims.flatMap((claim): Claim[] => {
    if (claim.relation === '=:') return [{ left: claim.right, right: claim.left, relation: ':=' }];
    if (claim.relation === ':=' || checkedRelation(claim.relation)) return [claim];
    remarks.push(unchecked(claim, tex));
    return [];
  });
  if (held.length === 0 && claims.length === 0) {
    remarks.push('It has no relation (=, ≤, ≥): write what it should be compared with.');
  } else if (alone.length > 0) {
    for (const part of alone) remarks.push(`${texOf(part, tex)}: no relation, so nothing to check.`);
  }
  return { claims: held, alone, tokens };
}

function unchecked({ left, right, relation }: Claim, tex: string): string {
  const why: Record<string, string> = {
    '∼': 'says how it is drawn',
    '→': 'is a limit',
    '←': 'is an assignment, carried out step by step',
    '≠': 'holds wherever the two differ',
    '∝': 'leaves a factor open',
    '∈': 'says where it lies',
  };
  return `${texOf(left, tex)} ${relation} ${texOf(right, tex)} ${why[relation] ?? 'is no equation'}: no number decides it.`;
}

function parsed(tokens: readonly Token[], tex: string): Expression {
  try {
    return parseSide(tokens, tex);
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    return { kind: 'unknown', tex: texOf(tokens, tex), why: error.message };
  }
}

/** Whether a formula is about q(z): then 𝓛 is its bound, and KL alone its divergence from the prior. */
function speaksOfPosterior(side: Expression): boolean {
  return [...partsOf(side)].some((part) => {
    if (part.kind === 'expectation') return part.over?.letter === 'q' && part.over.of.every((name) => name === 'z');
    if (part.kind === 'divergence') return part.from.letter === 'q';
    if (part.kind === 'density') return part.density.letter.length === 1 && /x|z/.test(part.density.of.join());
    return false;
  });
}

const pointsOf = (part: Expression) => (part.kind === 'density' ? [...part.density.of, ...part.density.given] : []);

function definition(left: Expression): string {
  const name = left.kind === 'symbol' || left.kind === 'call' ? spoken(left.name) : 'The left side';
  return `${name} is defined by the other side: compute it in another way, or there is nothing to check.`;
}

const isSame = ({ left, right }: Row) => JSON.stringify(left) === JSON.stringify(right);

const isNothing = ({ left, right }: Row) => [left, right].every(({ number }) => /^-?\w+\(\)$/.test(number));

/** An expression without a relation, which the reader holds against something. */
function loneRow(alone: readonly (readonly Token[])[], source: string, inputs: Inputs, writer: SideWriter): Row {
  const [tokens] = alone;
  const left = tokens ? writer.write(parsed(tokens, source)) : { number: 'left()', estimates: [] };
  if (!tokens) inputs.stubs.set('left', { tex: '', why: 'the left side' });
  inputs.stubs.set('right', { tex: '', why: 'what it should be compared with' });
  return { identity: tidy(source), relation: '=', isClose: false, left, right: { number: 'right()', estimates: [] } };
}

// --- the call -------------------------------------------------------------------------------------------------------

function checkCall(rows: readonly Row[], { label }: WriteOptions): string {
  const [only] = rows;
  if (rows.length === 1) return `await check(\n${argumentsOf(only!, label, '  ')}\n);`;
  const each = rows.map((row) => `  [\n${argumentsOf(row, label, '    ')}\n  ],`);
  return `await check(${literal(`The formula${label ? ` ${label}` : ''}, step by step`)}, [\n${each.join('\n')}\n]);`;
}

function argumentsOf(
  { identity, left, right, relation, isClose }: Row,
  label: string | undefined,
  indent: string,
): string {
  const options = [
    ...(relation === '=' ? [] : [`relation: '${relation}'`]),
    ...(isClose ? [`tolerance: todo('how close ≈ is meant')`] : []),
    ...(label === undefined ? [] : [`equation: ${literal(label)}`]),
  ];
  const args = [
    literal(identity),
    sideFunction(left),
    sideFunction(right),
    ...(options.length > 0 ? [`{ ${options.join(', ')} }`] : []),
  ];
  return args.map((arg) => `${indent}${wrapped(arg, indent)},`).join('\n');
}

function sideFunction({ number, estimates }: SideCode): string {
  if (estimates.length === 0) return `() => ${number}`;
  if (estimates.length === 1 && number === 'e1') return `(seed) => ${estimates[0]!}`;
  const names = estimates.map((_, i) => `e${i + 1}`).join(', ');
  const each = estimates.map((estimate) => (estimate.startsWith('expectation') ? `await ${estimate}` : estimate));
  const isAsync = each.some((estimate) => estimate.startsWith('await'));
  return `${isAsync ? 'async ' : ''}(seed) => propagate((${names}) => ${number}, ${each.join(', ')})`;
}

/** Names that are free: one that the notebook has is taken again only where it has the same type. */
function namer(declared: ReadonlyMap<string, string>): (wanted: string, type: string) => string {
  const types = new Map<string, string>();
  return (wanted, type) => {
    for (let number = 1; ; number++) {
      const name = number === 1 ? wanted : `${wanted}${number}`;
      const used = types.get(name);
      if (used === type) return name;
      if (used !== undefined) continue;
      const known = declared.get(name);
      if (known !== undefined && known !== DECLARED_TYPES[type] && known !== type) continue;
      types.set(name, type);
      return name;
    }
  };
}

/** What written cells declare inputs as; a cell above that has one gives it to the next. */
export const DECLARED_TYPES: Record<string, string> = {
  model: 'LinearGaussianModel',
  q: 'MultivariateGaussian',
  p: 'MultivariateGaussian',
  x: 'number[]',
  z: 'number[]',
};
