/** The place of a part of the figure that has just been loaded. */
import { adoptStyles } from '../../dom';
import styles from './later.css';

/** Shows it, in the styles that came with it. */
export function standIn(slot: HTMLElement, part: HTMLElement): void {
  adoptStyles(slot.getRootNode() as ShadowRoot, styles);
  slot.append(part);
  slot.hidden = false;
}
