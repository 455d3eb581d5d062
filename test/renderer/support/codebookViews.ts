/** A codebook of images with all that its view can show. */
import { codeMapsOf, nearestPlaces, savedPatches } from '../../../kernel/session/show/codebook/patches';
import { codebookHistogram } from '../../../kernel/views/codebookHistogram';
import { encode } from '../../../kernel/views/encoding';
import { fashion } from './fashion';
import { seeded, STEPS_PER_EPOCH } from './sampleViews';

/** A codebook of 2 · 2 pixel means of real images: what each code stands for is seen in its patches. */
export function fullCodebookView(id = 'codes', k = 64, live = false) {
  const images = fashion(60);
  const [side, grid] = [28, 7];
  const values = images.pixels;
  const cells: number[][] = [];
  for (let cell = 0; cell < images.n * grid * grid; cell++) {
    const [image, at] = [Math.floor(cell / (grid * grid)), cell % (grid * grid)];
    const means = [0, 1, 2, 3].map((quarter) => {
      let sum = 0;
      for (let p = 0; p < 4; p++) {
        const y = Math.floor(at / grid) * 4 + (quarter >> 1) * 2 + (p >> 1);
        const x = (at % grid) * 4 + (quarter & 1) * 2 + (p & 1);
        sum += values[image * side * side + y * side + x]!;
      }
      return sum / 4;
    });
    cells.push(means);
  }
  const random = seeded(23);
  const codebook = Array.from({ length: k }, () => cells[Math.floor(random() * cells.length)]!);
  const off = (cell: number[], code: number) =>
    codebook[code]!.reduce((sum, value, i) => sum + (value - cell[i]!) ** 2, 0);
  const codes = Int32Array.from(cells, (cell) => codebook.reduce((best, _, code) => (off(cell, code) < off(cell, best) ? code : best), 0)); // prettier-ignore
  const errors = Float32Array.from(cells, (cell, i) => off(cell, codes[i]!));
  const counts = new Int32Array(k);
  for (const code of codes) counts[code]! += 1;
  const shape = { kind: 'image', height: side, width: side, channels: 1 } as const;
  const coded = { shape, values, grid: [grid, grid] as [number, number], codes, errors };
  const places = nearestPlaces(coded, k);
  const kept = live ? places.map((own, code) => (counts[code]! > 60 ? own : own.subarray(0, 0))) : places;
  const epochs = Array.from({ length: 12 }, (_, i) => i + 1);
  const codeCounts = epochs.map((epoch) => [...counts].map((uses, code) => (code < 8 * epoch ? uses : 0)));
  const figures = codeCounts.map((each) => {
    const deadCodes = each.filter((uses) => uses === 0).length;
    return { codebookUsage: 1 - deadCodes / k, codebookPerplexity: (k - deadCodes) * 0.6, deadCodes, codeCounts: each };
  });
  const points = codebook.flatMap(([a, b, c, d]) => [a! + b! + c! + d!, a! + b! - c! - d!]);
  const view = codebookHistogram({
    ...{ id, title: `Codebook of VQ-VAE, ${k} codes`, counts, window: '60 held-out images × 49 codes' },
    plane: { points: encode('float32', points, [k, 2]), explained: [0.78, 0.12] },
    ...{ patches: savedPatches(coded, kept, counts), maps: codeMapsOf(coded, 4) },
    course: { steps: epochs.map((epoch) => epoch * STEPS_PER_EPOCH), values: figures },
  });
  return { view, coded, counts, errors, places };
}
