/** The cells of `npm run bench -- cells`: small ones, no two alike. */

export interface CellKind {
  name: string;
  /** @param i another for each cell */
  code(i: number): string;
  /** Milliseconds of processor time at most. */
  goal: number | null;
}

const GOAL = 1.5;

export const KINDS: readonly CellKind[] = [
  { name: 'a constant and its value', code: (i) => `const a${i} = ${i}; a${i} + 1`, goal: GOAL },
  { name: 'a call', code: (i) => `counter = twice(${i})`, goal: GOAL },
  { name: 'a line printed', code: (i) => `console.log(${i})`, goal: GOAL },
  { name: 'an object', code: (i) => `({ i: ${i}, list: [1, 2, 3], inner: { name: 'b' } })`, goal: GOAL },
  { name: 'await', code: (i) => `const w${i} = await Promise.resolve(${i}); w${i}`, goal: GOAL },
  {
    name: 'a function with types',
    code: (i) =>
      `function f${i}(list: number[]): number {\n  let sum = 0;\n  for (const x of list) sum += x * ${i};\n  return sum;\n}\nf${i}([1, 2, 3])`,
    goal: GOAL,
  },
  { name: 'an error', code: (i) => `throw new Error('e${i}')`, goal: GOAL },
  { name: 'an enum', code: (i) => `enum E${i} { A, B = ${i}, C }\nE${i}.C`, goal: null },
  {
    name: 'parameter properties',
    code: (i) => `class P${i} {\n  constructor(readonly a: number, private b = ${i}) {}\n}\nnew P${i}(1).a`,
    goal: null,
  },
  { name: 'a namespace', code: (i) => `namespace N${i} { export const v = ${i}; }\nN${i}.v`, goal: null },
  {
    name: 'a decorator',
    code: (i) =>
      `function d${i}(value: any, context: any) { return value; }\nclass D${i} { @d${i} m() { return ${i}; } }\nnew D${i}().m()`,
    goal: null,
  },
];

/** What the cells of {@link KINDS} call. */
export const PREPARATION = 'let counter = 0;\nfunction twice(x: number) { return 2 * x; }';
