/** What a run's model makes of samples: the reconstructions that its executed notebook shows, made small. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RUN_FILES } from '../../../sweeps/results/index';
import { decode, encode, encodeImages } from '../../../views/encoding';
import { MIME } from '../../../views/index';
import type { EncodedArray, ReconstructionsView } from '../../../views/index';

export interface FoundPicture {
  view: ReconstructionsView;
  /** As a clause: `its executed notebook, cell 7`. */
  source: string;
}

/** Samples, and models beside each other, that are shown of a run. */
const SAMPLES = 10;
const METHODS = 2;

/** The last reconstructions in a run's notebook, else its last samples from a prior; undefined if there are none. */
export async function pictureOfNotebook(folder: string): Promise<FoundPicture | undefined> {
  const text = await readFile(join(folder, RUN_FILES.notebook), 'utf8').catch(() => undefined);
  if (text === undefined || !text.includes(MIME.reconstructions)) return undefined;
  const found = viewsOf(text);
  const last = found.findLast(({ view }) => view.inputs !== null) ?? found.at(-1);
  return last && { view: last.view, source: `its executed notebook, cell ${last.cell}` };
}

interface ShownView {
  view: ReconstructionsView;
  /** Counted as errors count them: code cells from 1. */
  cell: number;
}

function viewsOf(text: string): ShownView[] {
  try {
    const { cells } = JSON.parse(text) as {
      cells: { cell_type: string; outputs?: { data?: Record<string, unknown> }[] }[];
    };
    return cells
      .filter(({ cell_type }) => cell_type === 'code')
      .flatMap(({ outputs = [] }, i) =>
        outputs.flatMap(({ data }) => {
          const view = data?.[MIME.reconstructions] as ReconstructionsView | undefined;
          return view === undefined ? [] : [{ view, cell: i + 1 }];
        }),
      );
  } catch {
    // A notebook that is being written, or none: there is nothing to show of it yet.
    return [];
  }
}

/**
 * The first samples of a view, as many as there is room for.
 *
 * @param room bytes of JSON
 * @returns undefined if not even one fits, or the view is not what it should be
 */
export function smallPicture(view: ReconstructionsView, room: number): ReconstructionsView | undefined {
  try {
    const total = (view.inputs ?? view.methods[0]?.samples)?.shape[0] ?? 0;
    for (const count of [SAMPLES, 8, 6, 4, 2, 1]) {
      if (count > total && count > 1) continue;
      const small = firstOf(view, Math.min(count, total));
      if (JSON.stringify(small).length <= room) return small;
    }
  } catch (error) {
    // Saved by another version, or by hand.
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  }
  return undefined;
}

function firstOf(view: ReconstructionsView, count: number): ReconstructionsView {
  const { version, id, title, summary, sampleShape, inputs, methods, labels, layout, units } = view;
  return {
    ...{ version, id, title, summary, sampleShape },
    inputs: inputs && firstSamples(inputs, count),
    methods: methods.slice(0, METHODS).map((method) => ({
      ...method,
      samples: firstSamples(method.samples, count),
      errors: method.errors.slice(0, count),
    })),
    labels: labels.slice(0, count),
    ...(layout && { layout }),
    ...(units && { units }),
  };
}

function firstSamples(array: EncodedArray, count: number): EncodedArray {
  const [n = 1, ...rest] = array.shape;
  const values = decode(array);
  const part = values.subarray(0, (values.length / n) * count);
  if (part instanceof Uint8Array && rest.length === 3) return encodeImages(part, [count, rest[0]!, rest[1]!, rest[2]!]);
  return encode(array.dtype, part, [count, ...rest]);
}
