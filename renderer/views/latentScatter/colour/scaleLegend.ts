/** The scale that points are coloured on: a bar with its values, and what lies beyond it or has none. */
import { scaleColours } from '../../../../kernel/views/scatter/colourScale';
import { colourText } from '../../../../kernel/views/scatter/colouring';
import type { Scale } from '../../../../kernel/views/scatter/colouring';
import { linearTicks } from '../../../../kernel/views/ticks';
import { h, svg } from '../../../dom';
import { counted, quantity } from '../../../numbers';
import type { Theme } from '../../../theme';

const BAR = 12;
/** Room for half a number at the ends. */
const END = 14;

/** @param width of all, in CSS pixels */
export function scaleBar(scale: Scale, width: number, theme: Pick<Theme, 'dark' | 'muted' | 'line'>): SVGElement[] {
  const colours = scaleColours(theme.dark ? 'dark' : 'light');
  const inner = width - 2 * END;
  const [low, high] = scale.range;
  const at = (value: number) => END + ((value - low) / (high - low)) * inner;
  const strips = Math.ceil(inner);
  const bar = Array.from({ length: strips }, (_, i) => {
    const [r, g, b] = colours[Math.round((i / (strips - 1)) * (colours.length - 1))]!;
    // A little wider than its place, so that no line is seen between two.
    return svg('rect', { x: END + i, y: 0, width: Math.min(1.5, inner - i), height: BAR, fill: `rgb(${r} ${g} ${b})` });
  });
  const ticks = linearTicks(low, high, Math.max(2, Math.floor(inner / 46))).flatMap(({ value, text }) => [
    svg('line', { x1: at(value), x2: at(value), y1: BAR, y2: BAR + 4, stroke: theme.line }),
    svg('text', { x: at(value), y: BAR + 15, 'text-anchor': 'middle', 'font-size': 11, fill: theme.muted }, text),
  ]);
  return [...bar, ...ticks];
}

export class ScaleLegend {
  private readonly name = h('div', { class: 'name' });
  private readonly bar = svg('svg', { role: 'img', width: 196, height: BAR + 19 });
  private readonly note = h('p');
  readonly element = h('div', { class: 'scale', hidden: true }, this.name, this.bar, this.note);

  /** @param scale null: points are on none */
  render(scale: Scale | null, theme: Theme): void {
    this.element.hidden = scale === null;
    if (scale === null) return;
    const [low, high] = scale.range;
    const text = colourText(scale.name);
    this.name.textContent = text;
    this.bar.setAttribute('aria-label', `${text} from ${quantity(low)} to ${quantity(high)}`);
    this.bar.replaceChildren(...scaleBar(scale, 196, theme));
    const beyond = scale.values.filter((value) => value < low || value > high).length;
    const without = scale.values.filter((value) => !Number.isFinite(value)).length;
    const notes = [
      ...(beyond > 0 ? [`${counted(beyond, 'point')} beyond the ends`] : []),
      ...(without > 0 ? [`${counted(without, 'point')} without a value, in grey`] : []),
    ];
    this.note.hidden = notes.length === 0;
    this.note.textContent = notes.join('; ');
  }
}
