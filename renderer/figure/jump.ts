/** A field into which one types where one wants to go: a step, a code. */
import { h, setText } from '../dom';

export class Jump {
  private readonly input = h('input', { type: 'text', inputmode: 'numeric', autocomplete: 'off', size: 7 });
  private readonly problem = h('span', { role: 'alert' });
  private readonly name = h('span');
  readonly element = h('label', { class: 'go' }, this.name, this.input, this.problem);

  /** @param go answers why there is no going there, or null */
  constructor(
    name: string,
    private readonly go: (to: number) => string | null,
  ) {
    this.rename(name);
    this.input.addEventListener('keydown', (event) => {
      // The notebook around the figure takes keys for its own.
      event.stopPropagation();
      if (event.key === 'Enter') this.submit();
    });
    this.input.addEventListener('input', () => setText(this.problem, ''));
  }

  /** What is asked for: `Go to step`. */
  rename(name: string): void {
    setText(this.name, `Go to ${name}`);
  }

  /** Takes over what was typed elsewhere. */
  begin(text: string): void {
    this.input.value = text;
    this.input.focus();
  }

  private submit(): void {
    const text = this.input.value.trim().replaceAll(',', '').replace('−', '-');
    const to = Number(text);
    if (text === '' || !Number.isFinite(to)) return setText(this.problem, `“${this.input.value}” is no number`);
    setText(this.problem, this.go(to) ?? '');
    this.input.select();
  }
}
