/** A part of the figure of a sweep. */
import { h } from '../../../dom';

export interface Part {
  readonly element: HTMLElement;
  /** Draws all of it anew, in a width of so many pixels. */
  render(width: number): void;
  /** Shows which run is marked now. */
  mark(): void;
}

/** A section with a heading and its controls. */
export function section(name: string, title: HTMLElement, controls: readonly Node[], ...content: Node[]): HTMLElement {
  const head = h('div', { class: 'head' }, title, h('div', { class: 'controls' }, ...controls));
  return h('section', { class: `part ${name}`, 'aria-label': name }, head, ...content);
}
