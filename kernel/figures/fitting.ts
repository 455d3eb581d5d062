/** Fitting words into a width. */

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
