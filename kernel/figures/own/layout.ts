/** Where the panel, the key and the scale of colours of a figure stand. */
import { hexOf, scaleColours } from '../../views/scatter/colourScale';
import { linearTicks, type Tick } from '../../views/ticks';
import { quantity } from '../../views/wording';
import { textWidth, type Mark } from '../marks';
import { widestOf } from '../panel/axisMarks';
import type { Box, Panel } from '../panel/panel';
import type { FigureData } from './data';
import { axesOf, figurePanel, type PanelRequest } from './panel';
import { wholeRanges } from './ranges';

export interface KeyEntry {
  name: string;
  /** `3`, a layer; `0 2`, a group of points in one. */
  id: string;
  colour: number;
  kind: 'line' | 'dot' | 'area';
}

export interface LaidOut {
  panel: Panel;
  height: number;
  /** The scale of colours, on its right. */
  scale: Mark[];
}

const [TOP, BOTTOM, RIGHT] = [12, 46, 16];
/** On the right of the panel; the name stands behind the numbers. */
const SCALE = { room: 86, gap: 18, width: 12, number: 7, name: 14 };
const [LOWEST, HIGHEST] = [220, 400];
/** A second look at the numbers beside a panel finds what the first has changed. */
const ROUNDS = 2;

/** What stands in the key; nothing where there is one thing alone. */
export function keyOf(data: FigureData): KeyEntry[] {
  const entries = data.layers.flatMap((layer, i): KeyEntry[] => {
    switch (layer.kind) {
      case 'surface':
        return [];
      case 'points':
        if (!layer.groups) return [{ name: layer.name, id: String(i), colour: layer.colour, kind: 'dot' }];
        return layer.groups.names.map((name, group) => ({ name, id: `${i} ${group}`, colour: group, kind: 'dot' }));
      case 'bars':
        return [{ name: layer.name, id: String(i), colour: layer.colour, kind: 'area' }];
      default:
        return [{ name: layer.name, id: String(i), colour: layer.colour, kind: 'line' }];
    }
  });
  const isAlone = entries.length === 1 && data.layers.length === 1;
  return isAlone ? [] : entries;
}

/** What the colours of points or of a surface stand for, where they are on a scale. */
export function scaleOfColours(data: FigureData): { name: string; range: readonly [number, number] } | undefined {
  for (const layer of data.layers) {
    if (layer.kind === 'surface') return { name: layer.name, range: layer.range };
    if (layer.kind === 'points' && layer.values) return layer.values;
  }
  return undefined;
}

/** @param top pixels above the panel that are taken */
export function laidOut(data: FigureData, request: Omit<PanelRequest, 'box'>, width: number, top = 0): LaidOut {
  const scale = scaleOfColours(data);
  const place = (left: number, right: number): Box => {
    const across = Math.max(60, width - left - right);
    const box = { left, top: top + TOP, width: across, height: Math.min(HIGHEST, Math.max(LOWEST, across * 0.52)) };
    if (data.isEqual) return equal(box, data, request);
    if (!data.layers.some(({ kind }) => kind === 'surface')) return box;
    return { ...box, height: Math.min(HIGHEST + 40, Math.max(LOWEST, across * 0.72)) };
  };
  // The numbers of an axis depend on how long it is, and the room for it on how wide they are.
  let [left, right] = [34, RIGHT + (scale ? SCALE.room : 0)];
  let box = place(60, right);
  for (let round = 0; round < ROUNDS; round++) {
    const { y } = axesOf(data, { ...request, box });
    left = Math.max(left, 14 + widestOf(y.ticks) + (data.y.title ? 22 : 0));
    if (scale) right = Math.max(right, RIGHT + scaleRoom(scaleTicks(scale, box)));
    box = place(left, right);
  }
  const panel = figurePanel(data, { ...request, box });
  const bottom = BOTTOM - (data.x.title ? 0 : 18);
  return { panel, height: box.top + box.height + bottom, scale: scale ? scaleMarks(scale, box, request.isDark) : [] };
}

/** A box in which a unit is as long on both axes. */
function equal(box: Box, data: FigureData, { choices }: Pick<PanelRequest, 'choices'>): Box {
  const { x, y } = wholeRanges(data, choices);
  const ratio = (y[1] - y[0]) / (x[1] - x[0]);
  const height = Math.min(520, box.width * ratio);
  return { ...box, height, width: height / ratio };
}

/** A surface of one height has its number alone. */
function scaleTicks({ range: [low, high] }: { range: readonly [number, number] }, { height }: Box): Tick[] {
  if (low === high) return [{ value: low, text: quantity(low) }];
  return linearTicks(low, high, Math.max(2, Math.floor(height / 44)));
}

/** Pixels from the panel to the middle of the scale's name. */
function scaleRoom(ticks: readonly Tick[]): number {
  return SCALE.gap + SCALE.width + SCALE.number + widestOf(ticks) + SCALE.name;
}

/** A bar of colours with its numbers and its name. */
function scaleMarks(
  { name, range }: { name: string; range: readonly [number, number] },
  box: Box,
  isDark: boolean,
): Mark[] {
  const [low, high] = range;
  const left = box.left + box.width + SCALE.gap;
  const table = scaleColours(isDark ? 'dark' : 'light');
  const strips = 64;
  const share = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
  const at = (value: number) => box.top + box.height * (1 - share(value));
  const bar = Array.from({ length: strips }, (_, i): Mark => {
    const colour = table[Math.round((i / (strips - 1)) * (table.length - 1))]!;
    const height = box.height / strips;
    const y = box.top + box.height - (i + 1) * height;
    // A little higher than its place, so that no line is seen between two.
    return { kind: 'rect', x: left, y, width: SCALE.width, height: height + (i === 0 ? 0 : 0.6), fill: hexOf(colour) };
  });
  const ticks = scaleTicks({ range }, box);
  const numbers = ticks.flatMap(({ value, text }): Mark[] => [
    { kind: 'path', points: [[left + SCALE.width, at(value)], [left + SCALE.width + 4, at(value)]], stroke: 'line' }, // prettier-ignore
    { kind: 'text', x: left + SCALE.width + SCALE.number, y: at(value) + 4, text, size: 11, fill: 'muted' },
  ]);
  const x = left + scaleRoom(ticks) - SCALE.gap;
  const title: Mark = {
    kind: 'text',
    x,
    y: box.top + box.height / 2,
    text: name,
    size: 11,
    fill: 'muted',
    anchor: 'middle',
    turn: -90,
  };
  return [{ kind: 'group', id: 'scale', name: 'scale', marks: [...bar, ...numbers, title] }];
}

/** Title and key above a printed figure. */
export function headMarks(
  title: string,
  entries: readonly KeyEntry[],
  width: number,
): { marks: Mark[]; height: number } {
  const [margin, row] = [12, 18];
  const marks: Mark[] = [{ kind: 'text', x: margin, y: 20, text: title, size: 14, fill: 'foreground', isBold: true }];
  let [left, line] = [margin, 0];
  for (const { name, colour, kind } of entries) {
    const size = 24 + textWidth(name, 11) + 16;
    if (left > margin && left + size > width) [left, line] = [margin, line + 1];
    const y = 20 + row * (line + 1) + 2;
    if (kind === 'line') marks.push({ kind: 'path', points: [[left, y - 4], [left + 18, y - 4]], stroke: `category ${colour}`, strokeWidth: 2.4 }); // prettier-ignore
    if (kind === 'dot')
      marks.push({ kind: 'ellipse', x: left + 9, y: y - 4, rx: 4, ry: 4, fill: `category ${colour}` });
    if (kind === 'area') marks.push({ kind: 'rect', x: left + 2, y: y - 9, width: 14, height: 10, fill: `category ${colour}`, opacity: 0.4, stroke: `category ${colour}` }); // prettier-ignore
    marks.push({ kind: 'text', x: left + 24, y, text: name, size: 11, fill: 'foreground' });
    left += size;
  }
  return { marks, height: 20 + (entries.length > 0 ? row * (line + 1) : 0) + 10 };
}
