/**
 * The colours of the page that a figure stands in. VS Code hands its theme to webviews as `--vscode-*` variables and names
 * the kind in `data-vscode-theme-kind`; a plain page is read from its background.
 */
import { contrast, fromHex, hex, luminance, mix, over, parseColour } from './colours';
import type { Rgb } from './colours';
import { printColours } from '../kernel/figures/colours';
import { PRINT_LOOK, type Look } from '../kernel/figures/look';
import { prefersReducedMotion } from './accessibility';
import { CATEGORIES_ON_DARK, CATEGORIES_ON_LIGHT } from './palette';

export type ThemeKind = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

/** Opaque hex colours. */
export interface Theme extends Look {
  kind: ThemeKind;
  /** Secondary text: still 4.5 : 1 on the background. */
  muted: string;
  /** Lines of a grid: just visible. */
  grid: string;
  /** Fill of a button under the pointer or pressed. */
  control: string;
  focus: string;
  accent: string;
  /** Names and values of objects, as the debugger has them: 4.5 : 1 on the background. */
  values: Values;
  fontFamily: string;
  reducedMotion: boolean;
}

export type Values = Record<'name' | 'text' | 'number' | 'word', string>;

const VALUES = {
  light: { name: '#9b46b0', text: '#a31515', number: '#098658', word: '#0000ff' },
  dark: { name: '#c586c0', text: '#ce9178', number: '#b5cea8', word: '#4e94ce' },
};
const LIGHT = { background: '#ffffff', foreground: '#1f2328', error: '#b3261e', focus: '#005fb8', accent: '#005fb8' };
const DARK = { background: '#1f1f1f', foreground: '#d4d4d4', error: '#f48771', focus: '#0078d4', accent: '#3794ff' };
/** The font that figures for a paper hold; it is there once the first one was saved, and else the next is taken. */
const PRINT_FONT = 'LatentLab Figure';
const FONT = 'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif';

/** For files that leave the page: dark ink on white, as for print and as in the kernel's own pictures. */
export const PRINT_THEME: Theme = {
  ...derive(
    'light',
    fromHex(LIGHT.background),
    fromHex(LIGHT.foreground),
    { ...LIGHT, values: VALUES.light },
    `"${PRINT_FONT}", ${FONT}`,
    true,
  ),
  ...PRINT_LOOK,
  grid: printColours('grid'),
};

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const variable = (...names: string[]) =>
    names.map((name) => style.getPropertyValue(name).trim()).find((value) => value !== '');
  const base = pageBackground(element);
  const named = document.body.dataset.vscodeThemeKind ?? document.documentElement.dataset.vscodeThemeKind;
  const kind = kindOf(named, base);
  const fallback = kind === 'light' || kind === 'high-contrast-light' ? LIGHT : DARK;
  const read = (text: string | undefined, otherwise: string, on: Rgb): Rgb => {
    const colour = text === undefined ? undefined : parseColour(text);
    return colour === undefined ? fromHex(otherwise) : over(colour, on);
  };
  const editor = read(variable('--vscode-notebook-editorBackground', '--vscode-editor-background'), hex(base), base);
  const background = read(variable('--vscode-notebook-outputContainerBackgroundColor'), hex(editor), editor);
  const foreground = read(
    variable('--vscode-editor-foreground', '--vscode-foreground'),
    fallback.foreground,
    background,
  );
  const values = VALUES[fallback === LIGHT ? 'light' : 'dark'];
  const token = (name: string, kind: keyof Values) =>
    hex(read(variable(`--vscode-debugTokenExpression-${name}`), values[kind], background));
  const colours = {
    error: hex(read(variable('--vscode-errorForeground'), fallback.error, background)),
    focus: hex(read(variable('--vscode-focusBorder'), fallback.focus, background)),
    accent: hex(read(variable('--vscode-progressBar-background', '--vscode-focusBorder'), fallback.accent, background)),
    values: {
      name: token('name', 'name'),
      text: token('string', 'text'),
      number: token('number', 'number'),
      word: token('boolean', 'word'),
    },
  };
  return derive(
    kind,
    background,
    foreground,
    colours,
    variable('--vscode-font-family') ?? FONT,
    prefersReducedMotion(),
  );
}

function derive(
  kind: ThemeKind,
  background: Rgb,
  foreground: Rgb,
  colours: { error: string; focus: string; accent: string; values: Values },
  fontFamily: string,
  reducedMotion: boolean,
): Theme {
  const dark = luminance(background) < 0.18;
  const strong = kind.startsWith('high-contrast');
  const tint = (share: number) => hex(mix(background, foreground, share));
  // As much of the colour as its contrast allows, the rest from the foreground.
  const legible = (colour: string, least: number) => {
    const shares = [0, 0.15, 0.3, 0.45, 0.6, 0.75].map((share) => mix(fromHex(colour), foreground, share));
    return hex(shares.find((one) => contrast(one, background) >= least) ?? foreground);
  };
  return {
    kind,
    ...{ dark, strong },
    background: hex(background),
    foreground: hex(foreground),
    muted: strong ? hex(foreground) : legible(tint(0.75), 4.5),
    grid: tint(strong ? 0.3 : 0.1),
    line: tint(strong ? 1 : 0.35),
    control: tint(strong ? 0.2 : 0.1),
    focus: legible(colours.focus, 3),
    accent: legible(colours.accent, 3),
    error: legible(colours.error, 4.5),
    values: {
      name: legible(colours.values.name, 4.5),
      text: legible(colours.values.text, 4.5),
      number: legible(colours.values.number, 4.5),
      word: legible(colours.values.word, 4.5),
    },
    categories: dark ? CATEGORIES_ON_DARK : CATEGORIES_ON_LIGHT,
    fontFamily,
    reducedMotion,
  };
}

function kindOf(named: string | undefined, background: Rgb): ThemeKind {
  switch (named) {
    case 'vscode-light':
      return 'light';
    case 'vscode-dark':
      return 'dark';
    case 'vscode-high-contrast':
      return 'high-contrast';
    case 'vscode-high-contrast-light':
      return 'high-contrast-light';
    default:
      return luminance(background) < 0.18 ? 'dark' : 'light';
  }
}

/** What one sees behind the element: the nearest opaque background, else the canvas of the page's colour scheme. */
function pageBackground(element: Element): Rgb {
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const colour = parseColour(getComputedStyle(at).backgroundColor);
    if (colour !== undefined && colour.alpha > 0.99) return colour.rgb;
  }
  return parseColour('Canvas')?.rgb ?? [1, 1, 1];
}

type Listener = () => void;

/** Tells figures that the page's theme may have changed. Observes the page only while somebody listens. */
export class ThemeWatcher {
  private readonly listeners = new Set<Listener>();
  private stop: (() => void) | undefined;

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    this.stop ??= this.observe();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.stop?.();
      this.stop = undefined;
    };
  }

  private observe(): () => void {
    const tell = () => [...this.listeners].forEach((listener) => listener());
    const observer = new MutationObserver(tell);
    for (const element of [document.documentElement, document.body]) observer.observe(element, { attributes: true });
    const queries = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)'].map((query) =>
      matchMedia(query),
    );
    for (const query of queries) query.addEventListener('change', tell);
    return () => {
      observer.disconnect();
      for (const query of queries) query.removeEventListener('change', tell);
    };
  }
}
