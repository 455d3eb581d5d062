/** What a model is built of as a drawing: boxes and arrows in layers, laid out once to the right and once downwards. */
import dagre from '@dagrejs/dagre';
import { textWidth } from '../figures/marks';
import { VIEW_VERSION } from './types';
import type { DiagramArrow, DiagramLayout, DiagramPart, DiagramView } from './types';
import { counted } from './wording';

export interface DiagramInput {
  id: string;
  title: string;
  parts: readonly DiagramPart[];
  arrows: readonly DiagramArrow[];
  /** Numbers that are trained. */
  parameters: number;
  notes?: readonly string[];
}

/** Sizes of text in pixels. */
export const [TITLE, LINE, SHAPE] = [13, 11, 10.5];
/** From one base line to the next. */
export const LEADING = 15;
const PADDING = { x: 14, y: 10 };
const MARGIN = 12;

/** @throws RangeError for an arrow between parts that there are not */
export function diagram({ id, title, parts, arrows, parameters, notes = [] }: DiagramInput): DiagramView {
  const known = new Set(parts.map((part) => part.id));
  const lost = arrows.find(({ from, to }) => !known.has(from) || !known.has(to));
  if (lost) throw new RangeError(`the arrow from ${lost.from} to ${lost.to} has an end that is no part`);
  const layouts = [laidOut(parts, arrows, 'right'), laidOut(parts, arrows, 'down')] as const;
  return {
    ...{ version: VIEW_VERSION, id, title, summary: summarise(title, parts, parameters) },
    ...{ parts: [...parts], arrows: [...arrows], parameters, layouts: [...layouts], notes: [...notes] },
  };
}

/** `VAE, 20 latents: 2 networks, 3 random variables, 2 terms; 801,224 parameters.` */
function summarise(title: string, parts: readonly DiagramPart[], parameters: number): string {
  const nouns = { network: 'network', codebook: 'codebook', random: 'random variable', term: 'term' };
  const told = Object.entries(nouns).flatMap(([kind, noun]) => {
    const of = parts.filter((part) => part.kind === kind).length;
    return of === 0 ? [] : [counted(of, noun)];
  });
  return `${title}: ${[told.join(', '), counted(parameters, 'parameter')].filter(Boolean).join('; ')}.`;
}

/** What a part says below its name. */
export function linesOf({ lines, parameters }: DiagramPart): string[] {
  return [...lines, ...(parameters ? [counted(parameters, 'parameter')] : [])];
}

function laidOut(
  parts: readonly DiagramPart[],
  arrows: readonly DiagramArrow[],
  way: DiagramLayout['way'],
): DiagramLayout {
  const isRight = way === 'right';
  const graph = new dagre.graphlib.Graph<object, object, object>({ multigraph: false });
  graph.setGraph({
    ...{ rankdir: isRight ? 'LR' : 'TB', nodesep: 22, edgesep: 14, ranksep: isRight ? 20 : 24 },
    ...{ marginx: MARGIN, marginy: MARGIN, ranker: 'network-simplex' },
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const part of parts) graph.setNode(part.id, sizeOf(part));
  for (const { from, to, shape } of arrows) {
    // What flows is written along the arrow: it keeps room for it.
    const room = shape === '' ? {} : { width: textWidth(shape, SHAPE) + 10, height: 18, labelpos: 'c' };
    // The way of the data stays straight; terms hang on to it.
    graph.setEdge(from, to, { weight: to.startsWith('term ') ? 1 : 4, minlen: 1, ...room });
  }
  dagre.layout(graph);
  const boxes = parts.map(({ id }) => graph.node(id) as { x: number; y: number; width: number; height: number });
  const round = new Map(parts.map(({ id, kind }, i) => [id, kind === 'random' ? boxes[i] : undefined]));
  const ways = arrows.map(({ from, to }) => {
    const { points, x, y } = graph.edge(from, to) as { points: { x: number; y: number }[]; x?: number; y?: number };
    const places = points.map((point): Point => [point.x, point.y]);
    places[0] = onEllipse(round.get(from), places[1]!) ?? places[0]!;
    places[places.length - 1] = onEllipse(round.get(to), places.at(-2)!) ?? places.at(-1)!;
    return { points: places, label: [x ?? NaN, y ?? NaN] as const };
  });
  // Arrows may go around all boxes.
  const reach = (axis: 0 | 1, side: 1 | -1) => {
    const ofBoxes = boxes.map((box) => (axis === 0 ? box.x + (side * box.width) / 2 : box.y + (side * box.height) / 2));
    const ofWays = ways.flatMap(({ points }) => points.map((point) => point[axis]));
    return side * Math.max(...[...ofBoxes, ...ofWays].map((at) => side * at));
  };
  const [left, top] = [reach(0, -1) - MARGIN, reach(1, -1) - MARGIN];
  const moved = (x: number, y: number): Point => [rounded(x - left), rounded(y - top)];
  return {
    ...{ way, width: Math.ceil(reach(0, 1) - left + MARGIN), height: Math.ceil(reach(1, 1) - top + MARGIN) },
    boxes: boxes.map(({ x, y, width, height }) => ({ x: rounded(x - left), y: rounded(y - top), width, height })),
    ways: ways.map(({ points, label: [x, y] }) => ({
      points: points.map((point) => moved(...point)),
      label: Number.isFinite(x) ? moved(x, y) : null,
    })),
  };
}

function sizeOf(part: DiagramPart): { width: number; height: number } {
  const lines = linesOf(part);
  const widest = Math.max(textWidth(part.title, TITLE, true), ...lines.map((line) => textWidth(line, LINE)));
  const isRound = part.kind === 'random';
  const width = Math.ceil(Math.max(isRound ? 52 : 60, widest * (isRound ? 1.16 : 1) + 2 * PADDING.x));
  // A codebook is a table: its rows stand below its words.
  const table = part.kind === 'codebook' ? 22 : 0;
  const height = TITLE + LEADING * lines.length + 2 * PADDING.y + (isRound ? 12 : 2) + table;
  return { width, height: Math.ceil(height) };
}

type Point = [x: number, y: number];

/** Where the line from its middle to a point leaves an ellipse. */
function onEllipse(box: DiagramLayout['boxes'][number] | undefined, [x, y]: Point): Point | undefined {
  if (!box) return undefined;
  const [dx, dy] = [x - box.x, y - box.y];
  const reach = Math.hypot(dx / (box.width / 2), dy / (box.height / 2));
  return reach === 0 ? undefined : [box.x + dx / reach, box.y + dy / reach];
}

const rounded = (value: number) => Number(value.toFixed(1));
