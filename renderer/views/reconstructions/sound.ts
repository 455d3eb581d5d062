/** Sound that is heard: Web Audio plays the numbers themselves, so that nothing is fetched. */

/** Rates that every browser plays. */
const RATES = [3000, 96_000] as const;
/** Shorter sounds are repeated, since nobody hears a twentieth of a second. */
const SHORT = 0.5;

export class Player {
  private context: AudioContext | undefined;
  private source: AudioBufferSourceNode | undefined;

  get playing(): boolean {
    return this.source !== undefined;
  }

  /**
   * @param samples in [−1, 1]
   * @param onEnd hears when it is over, by itself or by {@link stop}
   * @throws Error (rejects) for a rate that the browser does not play
   */
  async play(samples: ArrayLike<number>, rate: number, onEnd: () => void): Promise<void> {
    this.stop();
    if (rate < RATES[0] || rate > RATES[1]) {
      throw new Error(`sound of ${rate} samples a second cannot be played; browsers take ${RATES[0]} to ${RATES[1]}`);
    }
    this.context ??= new AudioContext();
    await this.context.resume();
    const times = Math.max(1, Math.ceil((SHORT * rate) / samples.length));
    const buffer = this.context.createBuffer(1, samples.length * times, rate);
    const channel = buffer.getChannelData(0);
    for (let i = 0; i < channel.length; i++) channel[i] = Math.max(-1, Math.min(1, samples[i % samples.length]!));
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.onended = () => {
      if (this.source === source) this.source = undefined;
      onEnd();
    };
    this.source = source;
    source.start();
  }

  stop(): void {
    this.source?.stop();
    this.source = undefined;
  }

  dispose(): void {
    this.stop();
    void this.context?.close();
    this.context = undefined;
  }
}
