/** The total as the stack of its terms, each times its weight. */
import type { SmoothedCurve } from '../../../../kernel/views/smoothing';
import { linearTicks } from '../../../../kernel/views/ticks';
import { layersOf, stackedTerms, stackRange } from '../../../../kernel/views/training/stacked';
import type { Layer } from '../../../../kernel/views/training/stacked';
import { withAlpha } from '../../../colours';
import { alike, percent } from '../../../numbers';
import { categoryColour } from '../../../palette';
import type { Band, Panel } from '../../../panels/panel';
import type { Theme } from '../../../theme';
import type { Arrangement } from '../arrangement';
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

function panels(drawing: Drawing, theme: Theme, { boxes }: Arrangement): Panel[] {
  const box = boxes[0]!;
  const layers = layersIn(drawing);
  const total = totalOf(drawing);
  const bands = layers.map(({ name, colour, steps, low, high }): Band => ({
    ...{ name: `stacked ${name}`, x: steps, low, high },
    colour: withAlpha(categoryColour(theme.categories, colour), theme.dark ? 0.75 : 0.65),
  }));
  const line = total && { name: 'train total', x: total.steps, y: total.values, colour: theme.foreground, width: 1.5 };
  return [
    {
      ...{ box, x: stepAxis(drawing, box), hasLabels: true, y: valueAxis(drawing, layers, box.height), bands },
      ...{ lines: line ? [line] : [], broken: [] },
    },
  ];
}

function texts(drawing: Drawing, { step }: Cursor, theme: Theme): PanelText[] {
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
  const dots = [{ curve: total, colour: theme.foreground }];
  return [
    {
      name: 'total',
      colour: theme.foreground,
      reading: text,
      short: `${sum!} = ${parts.join(' + ')}`,
      title: text,
      dots,
    },
  ];
}

function key(drawing: Drawing, theme: Theme): KeyEntry[] {
  const areas = layersIn(drawing).map(({ label, colour }): KeyEntry => {
    const fill = withAlpha(categoryColour(theme.categories, colour), theme.dark ? 0.75 : 0.65);
    return { text: label, colour: fill, width: 10, area: true };
  });
  return [{ text: 'total, smoothed', colour: theme.foreground, width: 1.5 }, ...areas];
}
