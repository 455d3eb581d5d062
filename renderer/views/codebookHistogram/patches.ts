/** The regions of images that a code was given, side by side. */
import * as z from '../../schema';
import type { CodePatches } from '../../../kernel/views/types';
import { rowName } from '../../../kernel/views/wording';
import { decode, encodedArray } from '../../data';
import type { TypedArray } from '../../data';
import { h, setText, svg } from '../../dom';
import { quantity } from '../../numbers';
import { imageCanvas } from '../../samples';

export const imageShape = z.object({
  kind: z.literal('image'),
  ...{ height: z.number(), width: z.number(), channels: z.int().check(z.minimum(1)) },
});

export const codePatches: z.Schema<CodePatches> = z.object({
  shape: imageShape,
  region: z.object({ top: z.number(), left: z.number(), height: z.number(), width: z.number() }),
  codes: encodedArray,
  samples: encodedArray,
  rows: encodedArray,
  errors: z.optional(encodedArray),
});

export interface Patch {
  values: TypedArray;
  /** Which row of the data it is from. */
  row: number;
  error: number | undefined;
}

/** Patches by code, with what is the same of all. */
export class Patches {
  private readonly byCode = new Map<number, Patch[]>();
  readonly shape: CodePatches['shape'];
  readonly region: CodePatches['region'];

  /** @throws RangeError when the arrays do not fit each other */
  constructor({ shape, region, codes: encoded, samples, rows, errors }: CodePatches) {
    [this.shape, this.region] = [shape, region];
    const [codes, from, off] = [decode(encoded), decode(rows), errors && decode(errors)];
    const values = decode(samples);
    const size = shape.height * shape.width * shape.channels;
    if (values.length !== size * codes.length || from.length !== codes.length) {
      throw new RangeError(`${codes.length} patches of ${size} values, and ${values.length} values`);
    }
    codes.forEach((code: number, i: number) => {
      const patch = { values: values.subarray(i * size, (i + 1) * size), row: from[i]!, error: off?.[i] };
      this.byCode.set(code, [...(this.byCode.get(code) ?? []), patch]);
    });
  }

  of(code: number): readonly Patch[] {
    return this.byCode.get(code) ?? [];
  }

  /** Takes over what the kernel answered. */
  add(code: number, others: Patches): void {
    this.byCode.set(code, [...others.of(code)]);
  }
}

/** Pixels of the longer side of a patch. */
const SIDE = 64;

export class PatchStrip {
  private readonly list = h('ul', { class: 'patches' });
  private readonly words = h('p', { class: 'none' });
  readonly element = h('div', { class: 'patch-strip' }, this.list, this.words);

  /** @param none what is said where there are none */
  show(patches: Patches | undefined, code: number | null, none: string): void {
    const found = code === null ? [] : (patches?.of(code) ?? []);
    setText(this.words, code === null || found.length > 0 ? '' : none);
    this.list.replaceChildren(...found.map((patch) => h('li', {}, picture(patch, patches!))));
  }
}

function picture({ values, row, error }: Patch, { shape, region }: Patches): HTMLElement {
  const scale = SIDE / Math.max(shape.height, shape.width);
  const canvas = imageCanvas(values, shape);
  canvas.style.width = `${shape.width * scale}px`;
  canvas.style.height = `${shape.height * scale}px`;
  const off = error === undefined ? '' : `, squared distance from the code ${quantity(error)}`;
  const text = `From ${rowName(row)}${off}`;
  const size = { width: shape.width * scale, height: shape.height * scale };
  const outline = svg('rect', {
    ...{ x: region.left * scale, y: region.top * scale, width: region.width * scale, height: region.height * scale },
  });
  const frame = svg('svg', { ...size, 'aria-hidden': 'true' }, outline);
  return h('span', { class: 'patch', role: 'img', 'aria-label': text, title: text }, canvas, frame);
}
