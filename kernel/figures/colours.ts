/** The roles of colours in print: dark ink on white. */
import { CATEGORIES_ON_LIGHT } from '../views/categories';
import type { ColourRole, Colours } from './marks';

const PRINT: Partial<Record<ColourRole, string>> = {
  foreground: '#1f2328',
  muted: '#59636e',
  line: '#8c959f',
  grid: '#eceff2',
  background: '#ffffff',
  error: '#b3261e',
  accent: '#005fb8',
  none: 'none',
};

/** How much of a category a tint has. */
export const TINT = 0.13;

export const printColours: Colours = (role) => {
  if (isColour(role)) return role;
  const [kind, index] = role.split(' ') as [string, string | undefined];
  if (index === undefined) return PRINT[role]!;
  const colour = CATEGORIES_ON_LIGHT[Number(index) % CATEGORIES_ON_LIGHT.length]!;
  return kind === 'category' ? colour : mixed(colour, '#ffffff', TINT);
};

/** Whether a role is a colour itself. */
export function isColour(role: ColourRole): boolean {
  return role.startsWith('#') || role.startsWith('rgba(');
}

/** `share` of one colour, the rest of another: both as `#rrggbb`. */
export function mixed(colour: string, ground: string, share: number): string {
  const channel = (text: string, at: number) => parseInt(text.slice(at, at + 2), 16);
  const parts = [1, 3, 5].map((at) => Math.round(channel(colour, at) * share + channel(ground, at) * (1 - share)));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
