/** Text to the clipboard, also where the page may not use it by itself. */
import { h } from './dom';

/** @throws Error (rejects) when the browser lets nothing be copied */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    return;
  } catch {
    // Not allowed here, or no clipboard: the older way asks for nothing.
  }
  const before = deepestFocus();
  const area = h('textarea', { style: 'position:fixed;opacity:0', 'aria-hidden': 'true' });
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  before?.focus();
  if (!copied) throw new Error('the browser does not let this page copy');
}

function deepestFocus(): HTMLElement | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused instanceof HTMLElement ? focused : null;
}
