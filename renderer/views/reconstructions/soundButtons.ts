/** Buttons that play a sample: its input, and what each method makes of it. */
import { h } from '../../dom';
import { messageOf } from '../../errors';
import { button } from '../../figure/controls';
import type { Reconstructions } from './model';
import { Player } from './sound';

export class SoundButtons {
  readonly element = h('div', { class: 'sound', role: 'group', 'aria-label': 'Play', hidden: true });
  private readonly player = new Player();
  private shown = '';
  private data: Reconstructions | undefined;
  private sample = 0;
  private playing: HTMLButtonElement | undefined;

  constructor(private readonly setProblem: (problem: string | null) => void) {}

  show(data: Reconstructions, sample: number): void {
    const isOther = data !== this.data || sample !== this.sample;
    [this.data, this.sample] = [data, sample];
    this.element.hidden = data.layout?.kind !== 'sound';
    if (this.element.hidden) return;
    const names = [...(data.inputs ? ['input'] : []), ...data.methods.map(({ name }) => name)];
    const key = JSON.stringify([names, data.labels.length]);
    if (key !== this.shown) {
      this.shown = key;
      this.element.replaceChildren(...names.map((name, i) => this.playButton(name, i - (data.inputs ? 1 : 0))));
    } else if (isOther) this.player.stop();
  }

  dispose(): void {
    this.player.dispose();
  }

  /** @param method −1 for the input */
  private playButton(name: string, method: number): HTMLButtonElement {
    const element = button(`▶ ${name}`, { label: `Play ${name}`, title: `Play ${name} of the selected sample` }, () => {
      const isPlaying = this.playing === element;
      this.player.stop();
      if (!isPlaying) void this.play(element, method);
    });
    return element;
  }

  private async play(element: HTMLButtonElement, method: number): Promise<void> {
    const { data, sample } = this;
    if (data?.layout?.kind !== 'sound') return;
    const samples = method < 0 ? data.inputs?.[sample] : data.methods[method]?.samples[sample];
    try {
      this.setProblem(null);
      this.mark(element);
      await this.player.play(samples ?? [], data.layout.rate, () => {
        if (this.playing === element) this.mark(undefined);
      });
    } catch (error) {
      this.mark(undefined);
      this.setProblem(`Not played: ${messageOf(error)}`);
    }
  }

  private mark(playing: HTMLButtonElement | undefined): void {
    this.playing?.setAttribute('aria-pressed', 'false');
    this.playing = playing;
    playing?.setAttribute('aria-pressed', 'true');
  }
}
