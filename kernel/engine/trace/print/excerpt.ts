import type { Call, Program } from '../program';
import { lines } from './lines';
import { ValueNames } from './names';

/** Operations that are shown on either side. */
const AROUND = 3;

/**
 * The lines of a program around one of its operations, which is marked, with the types of its inputs.
 *
 * @param call one of the program's calls, or one that would have been the next
 */
export function excerpt(program: Program, call: Call): string {
  const names = new ValueNames(program);
  const { calls } = program;
  const found = calls.indexOf(call);
  const at = found < 0 ? calls.length : found;
  const before = calls.slice(Math.max(0, at - AROUND), at);
  const after = calls.slice(at + 1, at + 1 + AROUND);
  const neighbour = (one: Call) => ({ call: one, lead: '    ' });
  const rows = [...before.map(neighbour), { call, lead: '  > ', typed: true }, ...after.map(neighbour)];
  return [
    ...left(at - before.length, 'before'),
    ...lines(rows, names),
    ...left(calls.length - at - 1 - after.length, 'after'),
  ].join('\n');
}

function left(count: number, where: string): string[] {
  return count <= 0 ? [] : [`    … ${count} ${count === 1 ? 'operation' : 'operations'} ${where}`];
}
