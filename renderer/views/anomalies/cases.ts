/** Samples that are scored highest or wrongly, each above what the model makes of it. */
import { h, setText, svg } from '../../dom';
import { quantity } from '../../numbers';
import { categoryColour } from '../../palette';
import { imageCanvas, profilePath } from '../../samples';
import type { Theme } from '../../theme';
import { drawSample, heightOf, paperOf } from '../traversal/drawing';
import { caseText } from './model';
import type { Anomalies } from './model';

const WIDTH = 76;

export class CaseList {
  readonly element = h('ol', { class: 'cases' });

  show(data: Anomalies, places: readonly number[], threshold: number, theme: Theme): void {
    this.element.replaceChildren(
      ...places.map((place) => {
        const one = data.view.cases[place]!;
        const title = caseText(one, threshold);
        const item = h('li', { class: one.score > threshold ? 'flagged' : '', title });
        for (const sample of samplesAt(data, place)) {
          const canvas = h('canvas', { 'aria-hidden': 'true' });
          const height = heightOf(data.shape, WIDTH);
          const paper = paperOf(canvas, WIDTH, height);
          drawSample(paper, sample, data, { x: 0, y: 0, width: WIDTH, height }, theme);
          item.append(canvas);
        }
        const score = h('div', { class: 'score', 'aria-hidden': 'true' });
        setText(score, quantity(one.score));
        const label = h('div', { class: 'label', 'aria-hidden': 'true' }, one.label);
        item.append(score, ...(one.label === '' ? [] : [label]), h('span', { class: 'visually-hidden' }, title));
        return item;
      }),
    );
  }
}

function samplesAt({ inputs, reconstructions }: Anomalies, place: number) {
  return [inputs[place]!, ...(reconstructions ? [reconstructions[place]!] : [])];
}

/** The same for a drawing of its own. @returns the marks and how high they are */
export function printCases(
  data: Anomalies,
  places: readonly number[],
  { top, width, theme }: { top: number; width: number; theme: Theme },
): { marks: SVGElement[]; height: number } {
  const height = heightOf(data.shape, WIDTH);
  const perRow = Math.max(1, Math.floor(width / (WIDTH + 8)));
  const block = (height + 4) * (data.reconstructions ? 2 : 1) + 22;
  const marks = places.flatMap((place, i) => {
    const [x, y] = [(i % perRow) * (WIDTH + 8), top + Math.floor(i / perRow) * block];
    const tiles = samplesAt(data, place).map((sample, r) => {
      const box = { x, y: y + r * (height + 4), width: WIDTH, height };
      if (data.shape.kind === 'image') {
        const href = imageCanvas(sample, data.shape).toDataURL('image/png');
        const image = svg('image', { ...box, href, preserveAspectRatio: 'none' });
        image.style.imageRendering = 'pixelated';
        return image;
      }
      const d = profilePath(sample, data.range, box);
      return svg('path', { d, fill: 'none', stroke: categoryColour(theme.categories, 0) });
    });
    const { score, label } = data.view.cases[place]!;
    const words = label === '' ? quantity(score) : `${quantity(score)} · ${label}`;
    const style = { 'text-anchor': 'middle', 'font-size': 9.5, fill: theme.muted };
    return [...tiles, svg('text', { x: x + WIDTH / 2, y: y + block - 11, ...style }, words)];
  });
  return { marks, height: Math.ceil(places.length / perRow) * block };
}
