/** Colour arithmetic, and colours as the browser reads them. */
import type { Rgb } from '../kernel/figures/colourSpace';

export * from '../kernel/figures/colourSpace';

let probe: CanvasRenderingContext2D | null = null;

/** Any CSS colour as sRGB and opacity, or undefined when it is none (`''`, `inherit`). */
export function parseColour(text: string): { rgb: Rgb; alpha: number } | undefined {
  if (!CSS.supports('color', text) || /inherit|initial|unset|revert|currentcolor/i.test(text)) return undefined;
  probe ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  });
  if (probe === null) return undefined;
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = text;
  probe.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0, a = 0] = probe.getImageData(0, 0, 1, 1).data;
  return { rgb: [r / 255, g / 255, b / 255], alpha: a / 255 };
}
