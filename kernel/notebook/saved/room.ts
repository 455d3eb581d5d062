/** A notebook that has room for its pictures: the largest in fewer pixels, as many as it takes. */
import { isCode } from '../format';
import type { DisplayOutput, Notebook } from '../format';
import { formatNotebook } from '../write';

interface Size {
  width: number;
  height: number;
}

/** Draws a PNG in fewer pixels and so many colours; its size in CSS pixels stays. */
export type Shrink = (png: Buffer, size: Size, colours: number) => Promise<Buffer>;

/** How many colours pictures have at most, in one pass after the other. */
const PASSES = [64, 24, 16];

const PNG = 'image/png';

/**
 * Shrinks pictures in place, the largest first, until the notebook has at most `room` bytes; what is small enough stays
 * sharp.
 */
export async function fitInto(notebook: Notebook, room: number, shrink: Shrink): Promise<void> {
  let over = Buffer.byteLength(formatNotebook(notebook)) - room;
  const pictures = notebook.cells
    .flatMap((cell) => (isCode(cell) ? cell.outputs : []))
    .filter((output): output is DisplayOutput => 'data' in output && sizeOf(output as DisplayOutput) !== undefined)
    .sort((a, b) => pictureOf(b).length - pictureOf(a).length);
  const originals = pictures.map((output) => Buffer.from(pictureOf(output), 'base64'));
  for (const colours of PASSES) {
    for (const [i, output] of pictures.entries()) {
      if (over <= 0) return;
      const before = pictureOf(output);
      const after = (await shrink(originals[i]!, sizeOf(output)!, colours)).toString('base64');
      if (after.length >= before.length) continue;
      (output.data as Record<string, unknown>)[PNG] = after;
      over -= before.length - after.length;
    }
  }
}

const pictureOf = ({ data }: DisplayOutput) => (data as Record<string, string>)[PNG]!;

/** The size that the metadata say, which they do for more than one pixel a CSS pixel. */
function sizeOf({ data, metadata }: DisplayOutput): Size | undefined {
  const { width, height } = ((metadata as Record<string, unknown>)[PNG] ?? {}) as Partial<Size>;
  const isPicture = typeof (data as Record<string, unknown>)[PNG] === 'string';
  return isPicture && width && height ? { width, height } : undefined;
}
