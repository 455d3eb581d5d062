/**
 * What every view stands on: a shadow root, so that other outputs' styles and ours leave each other alone, with the theme's
 * colours, a voice for screen readers, and word of its size.
 */
import { LiveRegion } from '../accessibility';
import { adoptStyles, Disposer, h, setText } from '../dom';
import { readTheme } from '../theme';
import type { Theme, ThemeWatcher } from '../theme';
import figureStyles from './figure.css';

export class Sheet {
  /** Stands in the host's element. Its own children are the charts that need the page's styles (slot). */
  readonly element = h('div', { class: 'latentlab-figure' });
  readonly root = this.element.attachShadow({ mode: 'open' });
  /** Where the view draws. */
  readonly body = h('div', { class: 'body' });
  protected readonly problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  private readonly live = new LiveRegion();
  private readonly disposer = new Disposer();
  private readonly themeListeners: (() => void)[] = [];
  theme: Theme;

  constructor(parent: HTMLElement, watcher: ThemeWatcher) {
    parent.append(this.element);
    adoptStyles(this.root, figureStyles);
    this.root.append(this.problem, this.body, this.live.element);
    this.theme = readTheme(this.element);
    this.applyTheme();
    this.disposer.add(watcher.subscribe(() => this.themeMayHaveChanged()));
  }

  /** Shows what went wrong above the drawing; null takes it away. */
  setProblem(message: string | null): void {
    this.problem.hidden = message === null;
    setText(this.problem, message ?? '');
  }

  announce(text: string): void {
    this.live.say(text);
  }

  onTheme(listener: () => void): void {
    this.themeListeners.push(listener);
  }

  /** Tells the width of the body now and whenever it changes; a hidden figure has none and is left as it is. */
  onResize(listener: (width: number) => void): void {
    let last = 0;
    const tell = () => {
      const width = Math.floor(this.body.getBoundingClientRect().width);
      if (width === 0 || width === last) return;
      last = width;
      listener(width);
    };
    const observer = new ResizeObserver(tell);
    observer.observe(this.body);
    this.disposer.add(() => observer.disconnect());
    tell();
  }

  dispose(): void {
    this.disposer.dispose();
    this.element.remove();
  }

  private themeMayHaveChanged(): void {
    const theme = readTheme(this.element);
    if (JSON.stringify(theme) === JSON.stringify(this.theme)) return;
    this.theme = theme;
    this.applyTheme();
    for (const listener of this.themeListeners) listener();
  }

  private applyTheme(): void {
    const { theme } = this;
    const properties = {
      background: theme.background,
      foreground: theme.foreground,
      muted: theme.muted,
      grid: theme.grid,
      line: theme.line,
      control: theme.control,
      'border-control': theme.kind.startsWith('high-contrast') ? theme.line : theme.control,
      focus: theme.focus,
      accent: theme.accent,
      error: theme.error,
      font: theme.fontFamily,
    };
    for (const [name, value] of Object.entries(properties)) this.element.style.setProperty(`--ll-${name}`, value);
    this.element.style.colorScheme = theme.dark ? 'dark' : 'light';
    this.element.toggleAttribute('data-contrast', theme.kind.startsWith('high-contrast'));
    this.element.dataset.motion = theme.reducedMotion ? 'reduced' : 'full';
  }
}
