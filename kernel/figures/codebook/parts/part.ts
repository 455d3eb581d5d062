/** What the figure of a codebook can show in panels: one part at a time. */
import type { Box, Panel, Zoom } from '../../panel/panel';
import type { Look } from '../../look';
import type { Course } from '../course';
import type { Order, Usage } from '../usage';

export interface Choices {
  order: Order;
  log: boolean;
}

export interface CodebookData {
  usage: Usage;
  /** [K, 2], and the shares of the variance. */
  plane: { points: ArrayLike<number>; explained: readonly number[] } | undefined;
  course: Course | undefined;
}

export interface Drawing {
  data: CodebookData;
  choices: Choices;
  zoom: Zoom;
  look: Look;
  width: number;
  /** The code that is looked at. */
  code: number | null;
}

/** Panels with their names; what code is at a place of them. */
export interface Part {
  height: number;
  panels(drawing: Drawing, top: number): Panel[];
  names(drawing: Drawing): { box: Box; text: string }[];
  /** @param at in pixels */
  codeAt(drawing: Drawing, panels: readonly Panel[], at: readonly [number, number]): number | null;
  /** Where the code is marked: across a panel, or at a point of it. */
  markOf(drawing: Drawing, panels: readonly Panel[]): { x: number; y: number | null } | null;
}

export const MARGIN = { left: 74, top: 22, bottom: 42, right: 12 };
