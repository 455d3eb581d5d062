/** Compared trainings as panels, one for each term. */
import { linearTicks } from '../../views/ticks';
import { withAlpha } from '../colourSpace';
import { categoryColour } from '../look';
import type { Look } from '../look';
import { arrange } from '../panel/arrangement';
import type { Arrangement } from '../panel/arrangement';
import type { Line, Panel, Range, Zoom } from '../panel/panel';
import type { KeyEntry } from '../training/key';
import { AXIS_TITLES } from './data';
import type { Choices, GroupLine } from './data';

/** Dashes of validation. */
export const VALIDATION = [2, 3] as const;

/** The first part of a training, which may be left out of the range of an axis. */
const BEGINNING = 0.05;

export interface ComparisonDrawing {
  /** The curves of each term. */
  terms: readonly (readonly GroupLine[])[];
  choices: Choices;
  unit: string;
  zoom: Zoom;
  look: Look;
}

/** @param head pixels above the panels */
export function laidOutComparison(drawing: ComparisonDrawing, width: number, head = 0) {
  const place = (longest?: number) => arrange(drawing.terms.length, width, false, longest);
  const first = comparisonPanels(drawing, place());
  const longest = Math.max(0, ...first.flatMap(({ y }) => y.ticks.map(({ text }) => text.length)));
  const { boxes, ...rest } = place(longest);
  const arrangement = { ...rest, boxes: boxes.map((box) => ({ ...box, top: box.top + head })) };
  return { arrangement, panels: comparisonPanels(drawing, arrangement) };
}

/** Each group, and what is dotted. */
export function comparisonKey(groups: readonly string[], terms: ComparisonDrawing['terms'], look: Look): KeyEntry[] {
  const hasValidation = terms.flat().some(({ split }) => split === 'validation');
  const dotted = { text: 'validation', colour: look.foreground, width: 1.5, dash: VALIDATION.join(' ') };
  return [
    ...groups.map((text, i) => ({ text, colour: categoryColour(look.categories, i), width: 3 })),
    ...(hasValidation ? [dotted] : []),
  ];
}

function comparisonPanels(
  { terms, choices, unit, zoom, look }: ComparisonDrawing,
  { boxes, hasStepAxis }: Arrangement,
): Panel[] {
  const x = zoom.x ?? across(terms.flat());
  return terms.map((lines, i): Panel => {
    const box = boxes[i]!;
    const range = zoom[`y${i}`] ?? up(lines, choices.differs);
    const whole = choices.alignment === 'step';
    const y = choices.differs ? `difference, ${unit}` : unit;
    return {
      box,
      x: {
        range: x,
        ticks: linearTicks(...x, Math.max(3, Math.floor(box.width / 72)), { whole }),
        title: AXIS_TITLES[choices.alignment],
      },
      hasLabels: hasStepAxis[i] ?? true,
      y: {
        range,
        ticks: linearTicks(...range, Math.max(2, Math.floor(box.height / 30))),
        title: i === 0 ? y : undefined,
      },
      bands: lines
        .filter(({ curve }) => curve.deviation.some(Number.isFinite))
        .map(({ group, split, curve: { x: places, mean, deviation } }) => ({
          name: `spread ${split} ${group}`,
          x: places,
          low: mean.map((value, k) => value - deviation[k]!),
          high: mean.map((value, k) => value + deviation[k]!),
          colour: withAlpha(categoryColour(look.categories, group), look.dark ? 0.3 : 0.2),
        })),
      lines: [
        ...(choices.each ? lines.flatMap((line) => runLines(line, look)) : []),
        ...lines.map(({ group, split, curve }) => {
          const colour = categoryColour(look.categories, group);
          const stroke = split === 'train' ? { width: 2 } : { width: 1.5, dash: VALIDATION };
          return {
            name: `${split} ${group}`,
            ...{ x: curve.x, y: curve.mean, colour },
            ...stroke,
            ...markerOf(curve.x, colour),
          };
        }),
      ],
      broken: [],
    };
  });
}

/** Each run of a group, where it has several. */
function runLines({ group, split, runs }: GroupLine, look: Look): Line[] {
  if (runs.length < 2) return [];
  const colour = withAlpha(categoryColour(look.categories, group), look.dark ? 0.7 : 0.6);
  return runs.map(({ x, y }, i) => ({
    name: `run ${i + 1} ${split} ${group}`,
    ...{ x, y, colour, width: 0.9, ...(split === 'validation' && { dash: VALIDATION }), ...markerOf(x, colour) },
  }));
}

/** A curve at one place has no line: a dot is seen. */
function markerOf(x: ArrayLike<number>, colour: string): Pick<Line, 'markers'> {
  return x.length > 0 && x[0] === x[x.length - 1] ? { markers: colour } : {};
}

function across(lines: readonly GroupLine[]): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const { curve } of lines) {
    if (curve.x.length === 0) continue;
    low = Math.min(low, curve.x[0]!);
    high = Math.max(high, curve.x.at(-1)!);
  }
  if (low > high) return [0, 1];
  const span = high - low || 1;
  return [low < 0.02 * span ? Math.min(0, low) : low, high + 0.02 * span];
}

/** Differences show their 0. */
function up(lines: readonly GroupLine[], hasZero: boolean): Range {
  let [low, high] = hasZero ? [0, 0] : [Infinity, -Infinity];
  for (const { curve } of lines) {
    for (let i = Math.floor(curve.mean.length * BEGINNING); i < curve.mean.length; i++) {
      const value = curve.mean[i]!;
      if (!Number.isFinite(value)) continue;
      const spread = Number.isFinite(curve.deviation[i]) ? curve.deviation[i]! : 0;
      low = Math.min(low, value - spread);
      high = Math.max(high, value + spread);
    }
  }
  if (low > high) return [0, 1];
  const span = high - low || Math.abs(high) || 1;
  return [low - 0.06 * span, high + 0.06 * span];
}
