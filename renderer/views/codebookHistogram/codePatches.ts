/** The patches of the code that is looked at: those that were saved, or what the live kernel answers. */
import type { CodePatches } from '../../../kernel/views/types';
import type { Channel } from '../../channel';
import { messageOf } from '../../errors';
import { parse } from '../../view';
import { codePatches, Patches, PatchStrip } from './patches';

export class CodePatchStrip {
  private readonly strip = new PatchStrip();
  readonly element = this.strip.element;
  private patches: Patches | undefined;
  /** Codes that the kernel was asked about, and what it said where it has none. */
  private readonly asked = new Map<number, string>();

  /** @param answered hears that there is more to show */
  constructor(
    private readonly channel: Channel,
    private readonly answered: () => void,
  ) {}

  /** @throws RangeError when the arrays do not fit each other */
  show(patches: CodePatches | undefined): void {
    this.patches = patches && new Patches(patches);
    this.asked.clear();
  }

  /**
   * @param isUsed whether there are any
   * @param mayAsk whether it is chosen, and not only passed by the pointer
   */
  render(code: number | null, isUsed: boolean, mayAsk: boolean): void {
    const { patches } = this;
    if (!patches || code === null) return this.strip.show(undefined, null, '');
    if (patches.of(code).length === 0 && isUsed && mayAsk) this.ask(code);
    const none = isUsed ? (this.asked.get(code) ?? 'Choose it to see its patches.') : '';
    this.strip.show(patches, code, none);
  }

  private ask(code: number): void {
    if (this.asked.has(code)) return;
    if (!this.channel.live) {
      this.asked.set(code, 'Its patches were not saved; run the cell again to see them.');
      return;
    }
    this.asked.set(code, 'Looking for its patches …');
    const { patches } = this;
    this.channel.ask({ kind: 'patches', code }).then(
      (result) => {
        if (result.kind !== 'patches' || result.patches === null) this.asked.set(code, 'No image has it.');
        else patches?.add(code, new Patches(parse(codePatches, result.patches)));
        this.answered();
      },
      (error: unknown) => {
        this.asked.set(code, `Its patches are not here: ${messageOf(error)}`);
        this.answered();
      },
    );
  }
}
