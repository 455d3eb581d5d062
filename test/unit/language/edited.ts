import type { Edit } from '../../../extension/language/protocol';

/** A cell's text with the edits in it. */
export function edited(text: string, edits: readonly Edit[]): string {
  const offset = ({ line, character }: Edit['range']['start']) =>
    text.split('\n').slice(0, line).join('\n').length + (line > 0 ? 1 : 0) + character;
  return edits
    .toSorted((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (done, { range, text: put }) => done.slice(0, offset(range.start)) + put + done.slice(offset(range.end)),
      text,
    );
}
