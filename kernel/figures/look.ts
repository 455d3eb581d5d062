/** What the panels of a figure need to know of the page that they stand on. */
import { CATEGORIES_ON_LIGHT } from '../views/categories';
import { printColours } from './colours';

/** Opaque colours as `#rrggbb`: of a theme, or of print. */
export interface Look {
  background: string;
  foreground: string;
  /** Secondary text and lines. */
  muted: string;
  /** Frames and axes. */
  line: string;
  error: string;
  /** By category; see `views/categories.ts`. */
  categories: readonly string[];
  dark: boolean;
  /** Whether lines must be seen by readers who need strong contrast. */
  strong: boolean;
}

/** Dark ink on white paper. */
export const PRINT_LOOK: Look = {
  background: printColours('background'),
  foreground: printColours('foreground'),
  muted: printColours('muted'),
  line: printColours('line'),
  error: printColours('error'),
  categories: CATEGORIES_ON_LIGHT,
  ...{ dark: false, strong: false },
};

export function categoryColour(colours: readonly string[], category: number): string {
  return colours[((category % colours.length) + colours.length) % colours.length]!;
}
