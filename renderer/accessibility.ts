/** What readers with a keyboard, a screen reader or without motion need, shared by all figures. */
import { h, setText } from './dom';

/** VS Code marks its pages; elsewhere the media query tells. */
export function prefersReducedMotion(): boolean {
  return (
    document.body.classList.contains('vscode-reduce-motion') || matchMedia('(prefers-reduced-motion: reduce)').matches
  );
}

export function usesScreenReader(): boolean {
  return document.body.classList.contains('vscode-using-screen-reader');
}

/**
 * Claims a key: the page does not scroll, and the notebook around it does not take it for one of its shortcuts (VS Code
 * forwards keys from a bubble listener on the webview's window).
 */
function claim(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

/** Speaks to screen readers without moving the focus. */
export class LiveRegion {
  readonly element = h('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });

  say(text: string): void {
    setText(this.element, text);
  }
}

/** Runs the action of a key, if it has one here; keys with a command modifier are left to the editor and the browser. */
export function runKey(event: KeyboardEvent, actions: Record<string, () => void>): void {
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
  if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  claim(event);
  action();
}
