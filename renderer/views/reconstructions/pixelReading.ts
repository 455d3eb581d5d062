/** What stands at a pixel, in numbers. */
import { DEPTH, spectrogram } from '../../../kernel/views/pictures/spectrogram';
import { quantity } from '../../numbers';
import type { Reconstructions } from './model';

/** `pixel 12, 7: input 0.502, output 0.431, difference −0.071 (rounded to 1/255)` */
export function pixelReading(
  data: Reconstructions,
  sample: number,
  method: number,
  at: [number, number] | null,
): string {
  if (at === null) return 'Point at a pixel, or move to one with the arrow keys, to read its values.';
  return data.layout?.kind === 'sound'
    ? soundReading(data, sample, method, at, data.layout.rate)
    : imageReading(data, sample, method, at);
}

function imageReading(
  { shape, inputs, methods, layout }: Reconstructions,
  sample: number,
  method: number,
  [x, y]: [number, number],
) {
  if (shape.kind !== 'image') return '';
  const { width, channels } = shape;
  const valuesAt = (pixels: ArrayLike<number> | undefined) =>
    pixels && Array.from({ length: channels }, (_, c) => pixels[(y * width + x) * channels + c]! / 255);
  const write = (values: number[]) => values.map((value) => minus(value.toFixed(3))).join(' / ');
  const input = valuesAt(inputs?.[sample]);
  const output = valuesAt(methods[method]?.samples[sample]);
  const frame = layout?.kind === 'frames' ? Math.floor(x / (width / layout.count)) : undefined;
  const place =
    frame === undefined || layout?.kind !== 'frames'
      ? `pixel ${x}, ${y}`
      : `frame ${frame + 1}, pixel ${x - (frame * width) / layout.count}, ${y}`;
  const parts = [
    ...(input ? [`input ${write(input)}`] : []),
    ...(output ? [`output ${write(output)}`] : []),
    ...(input && output ? [`difference ${write(output.map((value, c) => value - input[c]!))}`] : []),
  ];
  return `${place}: ${parts.join(', ')} (rounded to 1/255)`;
}

function soundReading(
  { inputs, methods }: Reconstructions,
  sample: number,
  method: number,
  [x, y]: [number, number],
  rate: number,
): string {
  const decibels = (values: ArrayLike<number> | undefined) => {
    const found = values && spectrogram(values, rate);
    return found && found.decibels[y * found.columns + x]!;
  };
  const output = methods[method]?.samples[sample];
  const { rows, highest } = spectrogram(output ?? [], rate);
  const frequency = (highest * (rows - 1 - y)) / Math.max(1, rows - 1);
  const write = (value: number | undefined) =>
    value === undefined ? '' : value <= -DEPTH ? `below −${DEPTH} dB` : `${minus(value.toFixed(1))} dB`;
  const [input, made] = [decibels(inputs?.[sample]), decibels(output)];
  return `${quantity(frequency)} Hz, window ${x + 1}: ${input === undefined ? '' : `input ${write(input)}, `}output ${write(made)}`;
}

const minus = (text: string) => text.replace(/^-/, '−').replace(/^−(0\.0+)$/, '$1');
