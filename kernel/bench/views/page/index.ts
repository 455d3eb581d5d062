/** What the bench calls in the page. */
import { CODEBOOKS } from './codebooks';
import type { Counts } from './codebooks';
import { CURVES } from './curves';
import type { Curves, CurvesDrawn } from './curves';
import { ours } from './engine';
import { checkedSelection, LASSO } from './lassos';
import { SCATTERS } from './scatters';
import type { Points, ScatterDrawn } from './scatters';

let curves: CurvesDrawn | undefined;
let scatter: ScatterDrawn | undefined;
let points: Points | undefined;
let draw: (() => Promise<void>) | undefined;

let ended: Promise<number> | undefined;

const nextFrame = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

export const bench = {
  async setUpCurves(engine: string, given: Curves): Promise<void> {
    curves = await CURVES[engine]!(given);
    for (let i = 0; i < 5; i++) await nextFrame();
  },

  /** Each update in a frame of its own, begun by a mark. */
  async updateCurves(from: number, to: number): Promise<void> {
    for (let i = from; i < to; i++) {
      performance.mark('bench');
      curves!.update(i);
      await nextFrame();
    }
    performance.mark('bench');
  },

  async setUpScatter(engine: string, n: number): Promise<void> {
    const fetched = async (name: string) => (await fetch(`/data/${name}/${n}`)).arrayBuffer();
    const view = engine === 'latentlab' ? ((await (await fetch(`/data/view/${n}`)).json()) as unknown) : undefined;
    const [xy, classes] = [new Float32Array(await fetched('xy')), new Uint8Array(await fetched('classes'))];
    points = { xy, classes, view };
    scatter = await SCATTERS[engine]!(points);
    draw = () => scatter!.draw();
    await nextFrame();
  },

  async setUpCodebook(engine: string, counts: Counts): Promise<void> {
    draw = await CODEBOOKS[engine]!(counts);
    await nextFrame();
  },

  /** A view of ours, as its MIME type calls it. */
  async setUpView(kind: string, view: unknown): Promise<void> {
    draw = await ours(kind, view);
    await nextFrame();
  },

  /** @returns milliseconds until the first pixels are there */
  async draw(): Promise<number> {
    const start = performance.now();
    await draw!();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    drained();
    return performance.now() - start;
  },

  drained,

  /** @returns corners for the pointer; or, where no pointer is needed, the milliseconds that it took */
  async lasso(): Promise<typeof LASSO | number> {
    let begin: () => void = () => undefined;
    ended = new Promise((resolve) => {
      begin = () => {
        const start = performance.now();
        // What is drawn follows in the next frame.
        void nextFrame().then(() => {
          drained();
          resolve(performance.now() - start);
        });
      };
    });
    window.addEventListener('pointerup', begin, { capture: true, once: true });
    const how = await scatter!.lasso(begin);
    return how === 'done' ? ended : LASSO;
  },

  /** @returns milliseconds from letting go of the pointer until the selection is seen */
  async lassoEnded(): Promise<number> {
    const taken = await ended!;
    if (scatter!.told) checkedSelection(scatter!.told, points!);
    return taken;
  },

  /** Each move of the pointer begins with a mark. */
  markMoves(): void {
    window.addEventListener('pointermove', () => performance.mark('bench'), { capture: true });
  },
};

/** Waits until what was asked of the GPU is done: a pixel that is read comes after all that was drawn before. */
function drained(): void {
  for (const canvas of canvasesIn(document)) {
    const gl = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
    if (gl) gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    else canvas.getContext('2d')?.getImageData(0, 0, 1, 1);
  }
}

function canvasesIn(root: Document | ShadowRoot): HTMLCanvasElement[] {
  const all = [...root.querySelectorAll('*')];
  return all.flatMap((element) => [
    ...(element instanceof HTMLCanvasElement && element.width > 0 ? [element] : []),
    ...(element.shadowRoot ? canvasesIn(element.shadowRoot) : []),
  ]);
}

declare global {
  interface Window {
    bench: typeof bench;
  }
}
Object.assign(window, { bench });
