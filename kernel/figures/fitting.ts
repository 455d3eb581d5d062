/** Fitting words and samples into a width. */

/** Width of a text in pixels, as the font of a page or a picture has it. */
export type WidthOf = (text: string, size: number, isBold: boolean) => number;

/** What fits, with an ellipsis where that is not all; nothing where there is no room. */
export function fitting(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text;
  if (width < measure('n…')) return '';
  let end = text.length - 1;
  while (end > 1 && measure(`${text.slice(0, end)}…`) > width) end--;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** A text in lines that fit, broken at spaces. */
export function wrapped(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((one) => one !== '')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)!} ${word}`;
    if (lines.length > 0 && measure(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** How many stand in a row, of so many that fit, that all rows are as long, or the last a little shorter. */
export function evenly(count: number, most: number): number {
  const fitting = Math.max(1, most);
  return Math.max(1, Math.ceil(count / Math.ceil(count / fitting)) || 1);
}
