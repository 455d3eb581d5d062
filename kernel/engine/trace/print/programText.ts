import type { Program, ProgramInput } from '../program';
import { lines } from './lines';
import { ValueNames } from './names';
import { literal } from './operation';

/** What inputs are to their reader. */
export interface Headings {
  /** In the order in which they stand. */
  readonly all: readonly string[];
  of(input: ProgramInput): string;
}

const BY_KIND: Headings = {
  all: ['inputs', 'variables'],
  of: ({ kind }) => (kind === 'variable' ? 'variables' : 'inputs'),
};

const INDENT = '  ';

/** The elements of so small a constant are shown. */
const SMALL = 8;

/**
 * A program, whole: what it is given, under headings, an operation a line, and what it yields.
 *
 * Values have names and types: `a:f32[128,400] = matMul x w`. A constant whose elements are all alike is written as
 * that number. Places in the source follow where the program knows them.
 */
export function programText(program: Program, headings = BY_KIND): string {
  const names = new ValueNames(program);
  const given = headings.all.map((head) => {
    const own = program.inputs.filter((input) => headings.of(input) === head);
    return section(
      head,
      own.map(({ value }) => names.withType(value)),
    );
  });
  const constants = program.constants
    .filter(({ value }) => names.isNamed(value))
    .map(({ value, elements }) => {
      const few = elements.length > 0 && elements.length <= SMALL;
      const shown = few ? ` = [${Array.from(elements, (one) => literal(one, value.dtype)).join(',')}]` : '';
      return names.withType(value) + shown;
    });
  const rows = program.calls.map((call) => ({ call, lead: INDENT }));
  const yielded = Object.entries(program.outputs).map(([name, value]) => `${name} = ${names.withType(value)}`);
  return [
    ...given,
    section('constants', constants),
    ['operations', ...lines(rows, names)].join('\n'),
    section('outputs', yielded),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function section(head: string, entries: readonly string[]): string {
  return entries.length === 0 ? '' : [head, ...entries.map((text) => INDENT + text)].join('\n');
}
