/** Where a script catches errors: what V8 takes for caught is also what the kernel itself catches at last. */
import ts from 'typescript';
import { lineStarts, placeOf, type Place } from '../compile/rewrite';
import { walk } from '../compile/scopes';

/** Four numbers a block with a `catch`, in the script: line and column of its begin and of its end; from 1. */
export function tryBlocks(code: string): number[] {
  if (!/\bcatch\b/.test(code)) return [];
  const file = ts.createSourceFile('script.js', code, ts.ScriptTarget.ESNext, true);
  const starts = lineStarts(code);
  const blocks: number[] = [];
  walk(file, (node) => {
    if (!ts.isTryStatement(node) || !node.catchClause) return;
    const [from, to] = [placeOf(starts, node.tryBlock.getStart(file)), placeOf(starts, node.tryBlock.end)];
    blocks.push(from.line, from.column, to.line, to.column);
  });
  return blocks;
}

/** Whether a place lies in one of them. */
export function isInBlock(blocks: readonly number[], place: Place): boolean {
  for (let i = 0; i < blocks.length; i += 4) {
    const [line, column, endLine, endColumn] = blocks.slice(i, i + 4) as [number, number, number, number];
    if (isBefore({ line, column }, place) && isBefore(place, { line: endLine, column: endColumn })) return true;
  }
  return false;
}

function isBefore(a: Place, b: Place): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}
