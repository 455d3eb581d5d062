/** The few controls that figures use: real buttons, selects and sliders, with names. */
import { h } from '../dom';

export function button(text: string, attributes: { title?: string; label?: string }, onClick: () => void) {
  const element = h('button', { type: 'button', title: attributes.title, 'aria-label': attributes.label }, text);
  element.addEventListener('click', onClick);
  return element;
}

/** A button that stays pressed. */
export class Toggle {
  readonly element: HTMLButtonElement;

  constructor(text: string, title: string, pressed: boolean, onChange: (pressed: boolean) => void) {
    this.element = button(text, { title }, () => {
      this.pressed = !this.pressed;
      onChange(this.pressed);
    });
    this.pressed = pressed;
  }

  get pressed(): boolean {
    return this.element.getAttribute('aria-pressed') === 'true';
  }

  set pressed(value: boolean) {
    this.element.setAttribute('aria-pressed', String(value));
  }

  /** Takes the button out of use; the reason replaces its tooltip. */
  disable(reason: string | null, title: string): void {
    // What is set again is looked at again by the page, also where it is the same.
    if (this.element.disabled !== (reason !== null)) this.element.disabled = reason !== null;
    if (this.element.title !== (reason ?? title)) this.element.title = reason ?? title;
  }
}

/** A named choice among a few. */
export class Select {
  readonly element: HTMLLabelElement;
  private readonly select: HTMLSelectElement;
  private shown = '';

  constructor(name: string, onChange: (index: number) => void) {
    this.select = h('select');
    this.select.addEventListener('change', () => onChange(this.select.selectedIndex));
    this.element = h('label', {}, name, this.select);
  }

  /**
   * Rebuilds the options only when they differ, so that an open list survives an update.
   *
   * @param problems why an option cannot be chosen; null or absent: it can
   */
  show(options: string[], selected: number, problems: readonly (string | null)[] = []): void {
    const key = JSON.stringify(options);
    if (key !== this.shown) {
      this.shown = key;
      this.select.replaceChildren(...options.map((option) => h('option', {}, option)));
    }
    [...this.select.options].forEach((option, i) => {
      option.disabled = (problems[i] ?? null) !== null;
      option.title = problems[i] ?? '';
    });
    if (this.select.selectedIndex !== selected) this.select.selectedIndex = selected;
  }
}

export interface SliderOptions {
  name: string;
  title: string;
  min: number;
  max: number;
  step: number;
  value: number;
  format: (value: number) => string;
}

/** A named range with its value written beside it. */
export function slider(options: SliderOptions, onInput: (value: number) => void): HTMLLabelElement {
  const { name, title, min, max, step, value, format } = options;
  const input = h('input', { type: 'range', min, max, step, value });
  const output = h('output', {}, format(value));
  input.setAttribute('aria-valuetext', format(value));
  input.addEventListener('input', () => {
    const text = format(input.valueAsNumber);
    output.textContent = text;
    input.setAttribute('aria-valuetext', text);
    onInput(input.valueAsNumber);
  });
  // The notebook around the figure takes arrow keys for its own.
  input.addEventListener('keydown', (event) => event.stopPropagation());
  return h('label', { title }, name, input, output);
}
