/** Opens runs' notebooks: in VS Code by a message, in a report or elsewhere by a link. */
import type { Channel } from '../../channel';
import { h } from '../../dom';
import { button } from '../../figure/controls';
import type { SweepStore } from './store';

export class OpenControl {
  constructor(
    private readonly store: SweepStore,
    private readonly channel: Channel,
  ) {}

  /** Why a run's notebook cannot be opened; null: it can. */
  problem(run: number): string | null {
    if (this.store.notebookOf(run) !== undefined) return null;
    return `Run ${this.store.data.numbers[run]!} has no executed notebook${this.store.data.states[run] === 'waiting' ? ' yet' : ''}`;
  }

  open(run: number): void {
    const path = this.store.notebookOf(run);
    if (path === undefined) return;
    const { place } = this.store.view;
    if (this.channel.reveals)
      this.channel.openNotebook(path, place && `${place}/${path.slice(this.store.view.folder.length + 1)}`);
    else h('a', { href: addressOf(path), target: '_blank', rel: 'noopener' }).click();
  }

  /** A control that opens a run, or its text where there is nothing to open. */
  forRun(run: number, text: string): HTMLElement {
    const path = this.store.notebookOf(run);
    if (path === undefined) return h('span', {}, text);
    const title = `Open the notebook of run ${text}`;
    if (this.channel.reveals) return button(text, { title, label: title }, () => this.open(run));
    return h('a', { href: addressOf(path), title, target: '_blank', rel: 'noopener' }, text);
  }
}

/** Names of folders may hold what means something in addresses. */
const addressOf = (path: string) => path.split('/').map(encodeURIComponent).join('/');
