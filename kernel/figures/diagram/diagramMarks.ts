/** A diagram's marks: boxes for what is computed, ellipses for what is drawn, tables for codes, pills for terms. */
import type { DiagramLayout, DiagramPart, DiagramView } from '../../views/types';
import { textWidth, type ColourRole, type GroupMark, type Mark, type PathMark } from '../marks';

const [TITLE, LINE, SHAPE, LEADING] = [13, 11, 10.5, 15];
const HEAD = 7;

/** Colours of the kinds: categories that stay apart, and the ink of the page for data. */
const TONES: Record<DiagramPart['kind'], number | undefined> = {
  data: undefined,
  network: 4,
  variables: 9,
  codebook: 5,
  random: 2,
  term: 1,
};

/**
 * @param isLit which parts stand out, by index, and the arrows between them and others; absent: all alike
 * @returns arrows first, each a group `arrow i`; then parts, each a group `part i`
 */
export function diagramMarks(view: DiagramView, layout: DiagramLayout): GroupMark[] {
  const index = new Map(view.parts.map(({ id }, i) => [id, i]));
  const arrows = view.arrows.map(({ shape, to }, i): GroupMark => {
    const { points, label } = layout.ways[i]!;
    const isTerm = view.parts[index.get(to)!]?.kind === 'term';
    return { kind: 'group', id: `arrow ${i}`, marks: arrowMarks(points, shape, label, isTerm) };
  });
  const parts = view.parts.map((part, i): GroupMark => {
    return { kind: 'group', id: `part ${i}`, marks: partMarks(part, layout.boxes[i]!) };
  });
  return [...arrows, ...parts];
}

type Point = readonly [number, number];

function arrowMarks(points: readonly Point[], shape: string, label: Point | null, isTerm: boolean): Mark[] {
  const [end, before] = [points.at(-1)!, points.at(-2)!];
  const length = Math.hypot(end[0] - before[0], end[1] - before[1]) || 1;
  const [dx, dy] = [(end[0] - before[0]) / length, (end[1] - before[1]) / length];
  // The line ends inside of its head.
  const tail: Point = [end[0] - dx * (HEAD - 1), end[1] - dy * (HEAD - 1)];
  const stroke: ColourRole = isTerm ? 'category 1' : 'muted';
  const side = HEAD * 0.42;
  const back: Point = [end[0] - dx * HEAD, end[1] - dy * HEAD];
  const line: PathMark = {
    ...{ kind: 'path', points: [...points.slice(0, -1), tail], isSmooth: true, stroke, strokeWidth: 1.3 },
    ...(isTerm && { dash: [4, 3] }),
  };
  const corners: Point[] = [
    end,
    [back[0] - dy * side, back[1] + dx * side],
    [back[0] + dy * side, back[1] - dx * side],
  ];
  const head: PathMark = { kind: 'path', points: corners, isClosed: true, fill: stroke };
  if (shape === '' || !label) return [line, head];
  const width = textWidth(shape, SHAPE) + 6;
  const ground: Mark = {
    kind: 'rect',
    x: label[0] - width / 2,
    y: label[1] - 8,
    width,
    height: 16,
    fill: 'background',
    radius: 3,
  };
  const text: Mark = {
    kind: 'text',
    x: label[0],
    y: label[1] + 3.7,
    text: shape,
    size: SHAPE,
    fill: 'muted',
    anchor: 'middle',
  };
  return [line, head, ground, text];
}

function partMarks(part: DiagramPart, box: DiagramLayout['boxes'][number]): Mark[] {
  const { x, y, width, height } = box;
  const lines = [...part.lines, ...(part.parameters ? [parametersText(part.parameters)] : [])];
  const table = part.kind === 'codebook' ? 22 : 0;
  const middle = y - table / 2;
  const top = middle - (LEADING * lines.length) / 2;
  const texts: Mark[] = [
    {
      kind: 'text',
      x,
      y: top + 4.5,
      text: part.title,
      size: TITLE,
      fill: 'foreground',
      anchor: 'middle',
      isBold: true,
    },
    ...lines.map((text, i): Mark => {
      return {
        kind: 'text',
        x,
        y: top + 4 + LEADING * (i + 1),
        text,
        size: LINE,
        fill: 'foreground',
        anchor: 'middle',
      };
    }),
  ];
  return [...outline(part, x - width / 2, y - height / 2, width, height), ...texts];
}

function outline({ kind }: DiagramPart, x: number, y: number, width: number, height: number): Mark[] {
  const tone = TONES[kind];
  const fill: ColourRole = tone === undefined ? 'grid' : `tint ${tone}`;
  const stroke: ColourRole = tone === undefined ? 'muted' : `category ${tone}`;
  const rect = { kind: 'rect' as const, x, y, width, height, fill, stroke, strokeWidth: 1.3 };
  switch (kind) {
    case 'random':
      return [
        {
          kind: 'ellipse',
          x: x + width / 2,
          y: y + height / 2,
          rx: width / 2,
          ry: height / 2,
          fill,
          stroke,
          strokeWidth: 1.3,
        },
      ];
    case 'term':
      return [{ ...rect, radius: Math.min(16, height / 2) }];
    case 'data':
      return [{ ...rect, radius: 7 }];
    case 'variables':
      return [{ ...rect, radius: 2, dash: [3, 2] }];
    case 'codebook':
      return [{ ...rect, radius: 2 }, ...tableMarks(x, y + height - 22, width, stroke)];
    case 'network':
      return [{ ...rect, radius: 2 }];
  }
}

/** Two rows of a table at the foot of a box. */
function tableMarks(x: number, y: number, width: number, stroke: ColourRole): Mark[] {
  const columns = Math.max(4, Math.round(width / 13));
  const across = [y, y + 11].map((at): Mark => line([x, at], [x + width, at], stroke));
  const up = Array.from({ length: columns - 1 }, (_, i): Mark => {
    const at = x + ((i + 1) * width) / columns;
    return line([at, y], [at, y + 22], stroke);
  });
  return [...across, ...up];
}

function line(from: Point, to: Point, stroke: ColourRole): Mark {
  return { kind: 'path', points: [from, to], stroke, strokeWidth: 0.8 };
}

function parametersText(parameters: number): string {
  return `${parameters.toLocaleString('en-US')} parameter${parameters === 1 ? '' : 's'}`;
}
