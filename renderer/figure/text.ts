/** Fitting words into a width. */
import { h } from '../dom';

export interface TextStyle {
  /** Font size in pixels. */
  size: number;
  strong?: boolean;
}

/** Width of a text in pixels. */
export type Measure = (text: string, style: TextStyle) => number;

let context: CanvasRenderingContext2D | null = null;

/** @throws Error when the browser provides no 2D canvas */
export function measureIn(fontFamily: string): Measure {
  context ??= h('canvas').getContext('2d');
  const paper = context;
  if (paper === null) throw new Error('the browser provides no 2D canvas');
  return (text, { size, strong = false }) => {
    paper.font = `${strong ? 600 : 400} ${size}px ${fontFamily}`;
    return paper.measureText(text).width;
  };
}

/** Breaks at spaces and slashes into at most `lines` lines; what does not fit is shortened with an ellipsis. */
export function breakText(text: string, width: number, lines: number, measure: (text: string) => number): string[] {
  const broken: string[] = [];
  for (const word of text.split(/(?<=[\s/])/)) {
    const last = broken.at(-1);
    const full = last === undefined || measure((last + word).trimEnd()) > width;
    if (full && broken.length < lines) broken.push(word);
    else broken[broken.length - 1] = last + word;
  }
  return broken.map((line) => shorten(line.trimEnd(), width, measure));
}

/** What fits, with an ellipsis where that is not all. */
export function shorten(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text;
  let end = text.length - 1;
  while (end > 1 && measure(`${text.slice(0, end)}…`) > width) end--;
  return `${text.slice(0, end).trimEnd()}…`;
}
