/** The total as the stack of its terms, each times its weight. */
import type { SmoothedCurve } from '../../../views/smoothing';
import { linearTicks } from '../../../views/ticks';
import { layersOf, stackedTerms, stackRange } from '../../../views/training/stacked';
import type { Layer } from '../../../views/training/stacked';
import { withAlpha } from '../../colourSpace';
import { alike, percent } from '../../../views/wording';
import { categoryColour } from '../../look';
import type { Band, Panel } from '../../panel/panel';
import type { Look } from '../../look';
import type { Arrangement } from '../../panel/arrangement';
import { indexAt } from '../curves';
import type { KeyEntry } from '../key';
import { drawnAt } from '../reading';
import { longest, stepAxis } from './page';
import type { Cursor, Drawing, Page, PanelText } from './page';

export const stack: Page = {
  id: 'stack',
  title: () => 'Stacked',
  layout: 'first',
  count: (data) => (stackedTerms(data).length > 1 ? 1 : 0),
  hasRightAxis: () => false,
  longestLabel: (drawing, [box]) => longest([valueAxis(drawing, layersIn(drawing), box!.height)]),
  panels,
  texts,
  key,
  rows: () => 0,
};

const layersIn = ({ data, choices }: Drawing): Layer[] => layersOf(data, choices.smoothing);

function totalOf({ data, smoothed }: Drawing): SmoothedCurve | undefined {
  const total = data.terms.find(({ name }) => name === 'total');
  return total && smoothed.get(total);
}

function valueAxis(drawing: Drawing, layers: readonly Layer[], height: number) {
  const range = drawing.zoom.y0 ?? stackRange(layers, drawing.choices.full);
  return { range, ticks: linearTicks(...range, Math.max(2, Math.floor(height / 36))), title: drawing.data.unit };
}

function panels(drawing: Drawing, look: Look, { boxes }: Arrangement): Panel[] {
  const box = boxes[0]!;
  const layers = layersIn(drawing);
  const total = totalOf(drawing);
  const bands = layers.map(({ name, colour, steps, low, high }): Band => ({
    ...{ name: `stacked ${name}`, x: steps, low, high },
    colour: withAlpha(categoryColour(look.categories, colour), look.dark ? 0.75 : 0.65),
  }));
  const line = total && { name: 'train total', x: total.steps, y: total.values, colour: look.foreground, width: 1.5 };
  return [
    {
      ...{ box, x: stepAxis(drawing, box), hasLabels: true, y: valueAxis(drawing, layers, box.height), bands },
      ...{ lines: line ? [line] : [], broken: [] },
    },
  ];
}

function texts(drawing: Drawing, { step }: Cursor, look: Look): PanelText[] {
  const total = totalOf(drawing);
  const at = step ?? drawing.data.lastStep;
  const whole = total && indexAt(total, at) >= 0 ? drawnAt(total, at).value : NaN;
  const layers = layersIn(drawing);
  const values = layers.map((layer) => layer.values[Math.max(0, indexAt(layer, at))] ?? NaN);
  const [sum, ...written] = alike([whole, ...values]);
  const parts = values.map((value, i) => {
    const share = whole > 0 && value >= 0 ? ` (${percent(value / whole)})` : '';
    return `${written[i]!}${share}`;
  });
  const text = `${sum!} = ${parts.map((part, i) => `${layers[i]!.label} ${part}`).join(' + ')}`;
  const dots = [{ curve: total, colour: look.foreground }];
  return [
    {
      name: 'total',
      colour: look.foreground,
      reading: text,
      short: `${sum!} = ${parts.join(' + ')}`,
      title: text,
      dots,
    },
  ];
}

function key(drawing: Drawing, look: Look): KeyEntry[] {
  const areas = layersIn(drawing).map(({ label, colour }): KeyEntry => {
    const fill = withAlpha(categoryColour(look.categories, colour), look.dark ? 0.75 : 0.65);
    return { text: label, colour: fill, width: 10, area: true };
  });
  return [{ text: 'total, smoothed', colour: look.foreground, width: 1.5 }, ...areas];
}
