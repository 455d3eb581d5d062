/** How use went over the training: each code by epochs as a map, beside it perplexity, dead codes, and the code looked at. */
import { linearTicks } from '../../../views/ticks';
import { fromHex, hex, mix } from '../../colourSpace';
import { quantity } from '../../../views/wording';
import { categoryColour } from '../../look';
import { scaleOf } from '../../panel/panel';
import type { Cells, Panel, Range } from '../../panel/panel';
import type { Look } from '../../look';
import { arrange } from '../../panel/arrangement';
import type { Course } from '../course';
import type { Usage } from '../usage';
import type { Drawing, Part } from './part';

interface Shown {
  name: string;
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
  /** What the axis ends at; absent: the greatest value. */
  most?: number;
}

export const coursePart: Part = {
  get height() {
    return 400;
  },
  panels,
  names: (drawing) => {
    const boxes = layoutOf(drawing, 0);
    const texts = [
      ...(drawing.data.course!.counts ? ['use of each code, by rank now'] : []),
      ...curvesOf(drawing).map(nameOf),
    ];
    return texts.map((text, i) => ({ box: boxes[i]!, text }));
  },
  codeAt: ({ data: { usage, course } }, [panel], [x, y]) => {
    const { box, y: up } = panel!;
    if (!course!.counts || x < box.left || x > box.left + box.width || y < box.top || y > box.top + box.height)
      return null;
    const height = up.range[1] - ((y - box.top) / box.height) * (up.range[1] - up.range[0]);
    return usage.byRank[usage.counts.length - Math.round(height)] ?? null;
  },
  markOf: ({ data: { usage, course }, code }, [panel]) => {
    if (code === null || !course!.counts) return null;
    const { box } = panel!;
    return { x: box.left + box.width - 6, y: scaleOf(panel!).y(usage.counts.length - usage.rankOf[code]! + 1) };
  },
};

/** `dead codes: 12` */
function nameOf({ name, values }: Shown): string {
  return `${name}: ${quantity(Number((values[values.length - 1] ?? NaN).toPrecision(4)))}`;
}

const WORDS: Record<string, string> = {
  codebookUsage: 'share of codes in use',
  codebookPerplexity: 'perplexity',
  deadCodes: 'dead codes',
};

function curvesOf({ data: { course, usage }, code }: Drawing): Shown[] {
  const K = usage.counts.length;
  const { curves, counts } = course!;
  const most: Record<string, number> = { codebookUsage: 1, codebookPerplexity: K, deadCodes: K };
  const shown = curves.map(({ name, steps, values }): Shown => {
    return { name: WORDS[name] ?? name, steps, values, ...(most[name] !== undefined && { most: most[name] }) };
  });
  if (code === null || !counts) return shown;
  const own = Float32Array.from(counts.steps, (_step: number, i: number) => counts.values[i * counts.codes + code]!);
  return [...shown, { name: `uses of code ${code}`, steps: counts.steps, values: own }];
}

function layoutOf(drawing: Drawing, top: number) {
  const first = drawing.data.course!.counts ? 1 : 0;
  const { boxes } = arrange(first + curvesOf(drawing).length, drawing.width, false);
  return boxes.map((box) => ({ ...box, top: box.top + top }));
}

function panels(drawing: Drawing, top: number): Panel[] {
  const { data, zoom, look } = drawing;
  const { steps, counts } = data.course!;
  const boxes = layoutOf(drawing, top);
  const shown = zoom.x ?? [0, (steps.at(-1) ?? 1) * 1.02];
  const base = (i: number, isLast: boolean) => ({
    box: boxes[i]!,
    x: {
      ...{ range: shown, title: 'optimizer step' },
      ticks: linearTicks(...shown, Math.max(3, Math.floor(boxes[i]!.width / 72)), { whole: true }),
    },
    ...{ hasLabels: isLast || (i === 0 && boxes.length > 1 && boxes[1]!.left > boxes[0]!.left), bands: [], broken: [] },
  });
  const curves = curvesOf(drawing);
  const first: Panel[] = counts ? [mapPanel(drawing, counts, base(0, curves.length === 0))] : [];
  const others = curves.map(({ values, steps: at, most, name }, i): Panel => {
    const panel = i + first.length;
    const range = zoom[`y${panel}`] ?? ([0, 1.08 * (most ?? Math.max(1, ...Array.from(values)))] as Range);
    const y = { range, ticks: linearTicks(...range, 3) };
    const colour = categoryColour(look.categories, panel);
    const line = { name, x: at, y: values, colour, width: 1.5, markers: look.background };
    return { ...base(panel, i === curves.length - 1), y, lines: [line] };
  });
  return [...first, ...others];
}

function mapPanel(
  { data: { usage }, zoom, look }: Drawing,
  counts: NonNullable<Course['counts']>,
  base: Omit<Panel, 'y' | 'lines'>,
): Panel {
  const K = counts.codes;
  const range = zoom.y0 ?? ([0.5, K + 0.5] as Range);
  // Ranks count from the top, the axis from its foot.
  const ranks = linearTicks(Math.max(1, K + 1 - range[1]), Math.min(K, K + 1 - range[0]), 6, { whole: true });
  const ticks = ranks.map(({ value, text }) => ({ value: K + 1 - value, text }));
  const cells = cellsOf(usage, counts, look);
  return { ...base, y: { range, ticks, title: 'rank of the code now' }, lines: [], cells };
}

function cellsOf({ byRank }: Usage, { steps, values, codes }: NonNullable<Course['counts']>, look: Look): Cells {
  const [from, to] = [fromHex(look.background), fromHex(categoryColour(look.categories, 0))];
  let greatest = 1;
  for (const value of values) if (value > greatest) greatest = value;
  const most = Math.log1p(greatest);
  // What was used at all stands out from what was not.
  const shades = Array.from({ length: 64 }, (_, i) => hex(mix(from, to, i === 0 ? 0 : 0.25 + (0.75 * i) / 63)));
  return {
    ...{ name: 'use over the training', edges: Float32Array.of(0, ...steps), rows: codes },
    colour: (column, row) =>
      shades[Math.round((Math.log1p(values[column * codes + byRank[row]!]!) / most) * 63)] ?? look.error,
  };
}
