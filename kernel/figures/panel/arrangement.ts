/** Where the panels lie: the total large, the terms beside it in a column, or below it where it is narrow. */
import { evenly } from '../fitting';
import type { Box } from './panel';

export interface Arrangement {
  boxes: Box[];
  height: number;
  /** Whether a panel shows step numbers, or leaves them to the panel below that shares its axis. */
  hasStepAxis: boolean[];
}

const LEFT = 58; // tick labels and the title of the y axis
const FITTING = 5; // characters of a tick label that this holds
const LETTER = 7;
const TOP = 22; // the panel's name
const BOTTOM = 42; // step numbers and the title of the x axis
const GAP = 30;
const MAIN_HEIGHT = 264;
const TERM_HEIGHT = 92;
const GRID_HEIGHT = 120;
const GRID_WIDTH = 280; // at least, where others stand beside it
/** From this width on the terms stand beside the total. */
const WIDE = 680;
const RIGHT_AXIS = 44;
const RIGHT = 8;

/**
 * @param count     panels, the total first
 * @param width     of the chart in pixels
 * @param rightAxis whether the first panel has an axis on its right
 * @param longest   characters of the longest label of a value axis
 */
export function arrange(count: number, width: number, rightAxis: boolean, longest = FITTING): Arrangement {
  const left = LEFT + LETTER * Math.max(0, longest - FITTING);
  const right = rightAxis ? RIGHT_AXIS : RIGHT;
  if (count <= 1 || width < WIDE) return stack(count, width, left, right);
  const columnWidth = Math.round(width * 0.38);
  const mainWidth = width - columnWidth;
  const terms = count - 1;
  const inner = Math.max(MAIN_HEIGHT, terms * TERM_HEIGHT + (terms - 1) * GAP);
  const termHeight = (inner - (terms - 1) * GAP) / terms;
  const main: Box = { left, top: TOP, width: mainWidth - left - right, height: inner };
  const boxes = [main];
  for (let i = 0; i < terms; i++) {
    const top = TOP + i * (termHeight + GAP);
    boxes.push({ left: mainWidth + left, top, width: columnWidth - left - RIGHT, height: termHeight });
  }
  return { boxes, height: TOP + inner + BOTTOM, hasStepAxis: boxes.map((_, i) => i === 0 || i === terms) };
}

/** Panels of one size in rows that are as even as they can be, or below each other where it is narrow. */
export function arrangeGrid(count: number, width: number, longest = FITTING): Arrangement {
  const columns = width < WIDE ? 1 : evenly(count, Math.floor(width / GRID_WIDTH));
  const left = LEFT + LETTER * Math.max(0, longest - FITTING);
  const column = width / columns;
  const boxes = Array.from({ length: count }, (_, i): Box => {
    const top = TOP + Math.floor(i / columns) * (GRID_HEIGHT + BOTTOM + GAP);
    return { left: (i % columns) * column + left, top, width: column - left - 2 * RIGHT, height: GRID_HEIGHT };
  });
  const rows = Math.ceil(count / columns);
  const height = rows * (GRID_HEIGHT + BOTTOM + GAP) + TOP - GAP;
  return { boxes, height, hasStepAxis: boxes.map(() => true) };
}

function stack(count: number, width: number, left: number, right: number): Arrangement {
  const boxes: Box[] = [];
  let top = TOP;
  for (let i = 0; i < Math.max(1, count); i++) {
    const height = i === 0 ? MAIN_HEIGHT * 0.75 : TERM_HEIGHT;
    boxes.push({ left, top, width: Math.max(40, width - left - right), height });
    top += height + GAP;
  }
  return { boxes, height: top - GAP + BOTTOM, hasStepAxis: boxes.map((_, i) => i === boxes.length - 1) };
}
