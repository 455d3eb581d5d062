/** The histogram: how often each code was used, by rank or by index. */
import { linearTicks, logTicks } from '../../../views/ticks';
import { withAlpha } from '../../colourSpace';
import { count, quantity } from '../../../views/wording';
import { categoryColour } from '../../look';
import { scaleOf } from '../../panel/panel';
import type { Band, Panel, Range } from '../../panel/panel';
import { codeAt } from '../usage';
import type { Usage } from '../usage';
import { MARGIN } from './part';
import type { Choices, Drawing, Part } from './part';

const HEIGHT = 250;
/** Codes that are thinner than this many pixels are drawn as the outline of the highest in each. */
const THINNEST = 1.5;

export const usagePart: Part = {
  height: HEIGHT,
  panels: (drawing, top) => [panelOf(drawing, top)],
  names: () => [],
  codeAt: ({ data, choices }, [panel], [x]) => {
    const position = Math.round(fromPixels(panel!, x)) - offsetOf(choices);
    return codeAt(data.usage, choices.order, position) ?? null;
  },
  markOf: ({ data, choices, code }, [panel]) => {
    if (code === null) return null;
    const position = choices.order === 'rank' ? data.usage.rankOf[code]! - 1 : code;
    return { x: scaleOf(panel!).x(position + offsetOf(choices)), y: null };
  },
};

/** Ranks count from 1, indices from 0. */
export function offsetOf({ order }: Choices): number {
  return order === 'rank' ? 1 : 0;
}

function fromPixels({ box, x: { range } }: Panel, x: number): number {
  return range[0] + ((x - box.left) / box.width) * (range[1] - range[0]);
}

function panelOf({ data: { usage }, choices, zoom, look, width }: Drawing, top: number): Panel {
  const { order, log } = choices;
  const K = usage.counts.length;
  const offset = offsetOf(choices);
  const box = {
    ...{ left: MARGIN.left, top: MARGIN.top + top, width: Math.max(60, width - MARGIN.left - MARGIN.right) },
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const across = zoom.x ?? [offset - 0.7, K - 1 + offset + 0.7];
  const up = zoom.y0 ?? countRange(usage, log);
  const colour = categoryColour(look.categories, 0);
  // Beyond the first and the last code there is none to be named.
  const [first, last] = [Math.max(offset, across[0]), Math.min(K - 1 + offset, across[1])];
  const uniform = usage.total / Math.max(1, K);
  return {
    box,
    x: {
      range: across,
      ticks: linearTicks(first, last, Math.max(3, Math.floor(box.width / 90)), { whole: true }),
      title: order === 'rank' ? 'rank (most used first)' : 'code index',
    },
    hasLabels: true,
    y: {
      ...{ range: up, log, title: log ? 'uses (log)' : 'uses' },
      ticks: log
        ? logTicks(10 ** up[0], 10 ** up[1], 6, { whole: true })
        : linearTicks(Math.max(0, up[0]), up[1], 6, { whole: true }),
    },
    bands: [
      ...deadBand(usage, choices, up, withAlpha(look.muted, 0.14)),
      barsOf(usage, choices, across, up, box, colour),
    ],
    lines: [],
    ...(uniform > 0 && { levels: [{ value: uniform, text: `even use: ${quantity(uniform)} each` }] }),
    broken: [],
  };
}

/** A bar a code, or, where these would be thinner than a pixel, the highest of those in each. */
function barsOf(
  usage: Usage,
  choices: Choices,
  [from, to]: Range,
  up: Range,
  { width }: { width: number },
  colour: string,
): Band {
  const { order, log } = choices;
  const { counts, byRank } = usage;
  const offset = offsetOf(choices);
  const foot = log ? 10 ** up[0] : Math.min(0, up[0]);
  const uses = (position: number) => counts[order === 'rank' ? byRank[position]! : position]!;
  const first = Math.max(0, Math.floor(from - offset));
  const last = Math.min(counts.length - 1, Math.ceil(to - offset));
  const [x, high]: [number[], number[]] = [[], []];
  const bar = (left: number, right: number, value: number) => {
    const top = value > 0 ? value : foot;
    x.push(left, right, right);
    high.push(top, top, NaN);
  };
  const pixels = width / (to - from);
  if (pixels >= THINNEST) {
    const half = pixels > 4 ? 0.42 : 0.5;
    for (let at = first; at <= last; at++) bar(at + offset - half, at + offset + half, uses(at));
  } else {
    const stride = Math.max(1, Math.ceil(1 / pixels));
    for (let at = first; at <= last; at += stride) {
      const end = Math.min(last, at + stride - 1);
      let most = 0;
      for (let one = at; one <= end; one++) most = Math.max(most, uses(one));
      bar(at + offset - 0.5, end + offset + 0.5, most);
    }
  }
  return { name: 'uses', x, high, low: high.map((value) => (Number.isNaN(value) ? NaN : foot)), colour };
}

function deadBand({ counts, dead }: Usage, { order, log }: Choices, up: Range, colour: string): Band[] {
  if (order !== 'rank' || dead.length === 0) return [];
  const [low, high] = log ? [10 ** up[0], 10 ** up[1]] : up;
  const x = [counts.length - dead.length + 0.5, counts.length + 0.5];
  return [{ name: `${count(dead.length)} dead`, x, low: [low, low], high: [high, high], colour }];
}

function countRange({ counts }: Usage, log: boolean): Range {
  const highest = counts.reduce((a, b) => Math.max(a, b), 1);
  return log ? [Math.log10(0.7), Math.log10(highest) + 0.1] : [0, highest * 1.06];
}
