import { describe, expect, it } from 'vitest';
import { printColours } from '../../../kernel/figures/colours';
import type { Mark } from '../../../kernel/figures/marks';
import { textWidth } from '../../../kernel/figures/marks';
import type { FigureData, LayerData } from '../../../kernel/figures/own/data';
import { laidOut } from '../../../kernel/figures/own/layout';
import { axisMarks } from '../../../kernel/figures/panel/axisMarks';
import { scaleOf } from '../../../kernel/figures/panel/panel';

type Range = readonly [number, number];

const WIDTH = 620;
const request = { choices: { logX: false, logY: false, hidden: new Set<string>() }, colours: printColours };
const axis = (title: string) => ({ title });

function figure(layer: LayerData, isEqual = false): FigureData {
  return { x: axis('step'), y: axis('loss, nats'), layers: [layer], lines: [], isEqual };
}

const curve = ([low, high]: Range): LayerData => ({
  ...{ kind: 'curve', name: 'loss', colour: 0, x: [low, high], y: [low, high], low: undefined, high: undefined },
  ...{ spread: undefined, areErrors: false, hasMarkers: false },
});

const surface = ([low, high]: Range): LayerData => ({
  ...{ kind: 'surface', name: 'z', x: [low, high], y: [low, high], z: [low, high, low, high], range: [low, high] },
  levels: [],
});

const flat = (marks: readonly Mark[]): Mark[] =>
  marks.flatMap((mark) => (mark.kind === 'group' ? flat(mark.marks) : [mark]));

/** From where to where each text lies across: a turned one is as wide as it is high. */
function extents(marks: readonly Mark[]) {
  return flat(marks).flatMap((mark) => {
    if (mark.kind !== 'text') return [];
    const width = mark.turn ? mark.size : textWidth(mark.text, mark.size);
    const left = mark.x - (mark.anchor === 'end' ? width : mark.anchor === 'middle' ? width / 2 : 0);
    return [{ text: mark.text, left, right: left + width, turned: mark.turn !== undefined }];
  });
}

describe('the axes of a figure of your own numbers', () => {
  it.each<[string, Range]>([
    ['millions', [1e6, 2e6]],
    ['a little below a million', [999_000, 999_900]],
    ['millionths below 0', [-0.000024, -0.000012]],
    ['many digits', [0.00123, 0.001231]],
    ['many digits below 0', [-0.00123456, -0.00123455]],
    ['thousandths of a great number', [123_456.781, 123_456.789]],
  ])('have room for their numbers: %s', (_, range) => {
    for (const data of [figure(curve(range)), figure(curve(range), true), figure(surface(range))]) {
      const { panel, scale } = laidOut(data, { ...request, isDark: false, zoom: {} }, WIDTH);
      const [y, x] = axisMarks([panel]);
      const [up, across, beside] = [y!.marks, x!.marks, scale].map(extents) as ReturnType<typeof extents>[];
      for (const { left, right } of [...up!, ...across!, ...beside!]) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(right).toBeLessThanOrEqual(WIDTH);
      }
      const title = up!.find(({ turned }) => turned)!;
      expect(Math.min(...up!.filter(({ turned }) => !turned).map(({ left }) => left))).toBeGreaterThan(title.right - 2);
      const numbers = across!.filter(({ text }) => text !== 'step');
      numbers.slice(1).forEach(({ left }, i) => expect(left).toBeGreaterThan(numbers[i]!.right));
      expect(panel.x.ticks.length).toBeGreaterThan(1);
    }
  });

  it('draw a surface of one height in the middle of the scale, with its number', () => {
    const layer = surface([0.25, 0.25]);
    const data = figure({ ...layer, x: [0, 1], y: [0, 1] } as LayerData);
    const { panel, scale } = laidOut(data, { ...request, isDark: false, zoom: {} }, WIDTH);
    const rows = figure({ ...layer, z: [0, 0.25, 0.5, 0.25], range: [0, 0.5], x: [0, 1], y: [0, 1] } as LayerData);
    const whole = laidOut(rows, { ...request, isDark: false, zoom: {} }, WIDTH).panel;
    expect(panel.cells!.colour(0, 0)).toBe(whole.cells!.colour(1, 0));
    const number = flat(scale).find((mark) => mark.kind === 'text' && mark.text === '0.25');
    expect(number).toMatchObject({ y: expect.closeTo(panel.box.top + panel.box.height / 2 + 4, 6) as number });
    expect(scaleOf(panel).y(0.5)).toBeGreaterThan(panel.box.top);
  });
});
