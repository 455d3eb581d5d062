/**
 * What the page shows of a view and what the kernel draws of it are the same: the same panels with the same curves, keys,
 * axes and numbers, in the same order.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { drawnCurves, pixels, show } from './support/figures';
import { fullCodebookView } from './support/codebookViews';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { firstComponents, vectorScatterView } from './support/latentViews';
import { framesView } from './support/pictureViews';
import {
  anomaliesView,
  comparisonView,
  galleryView,
  MIME,
  reconstructionView,
  scatterView,
} from './support/sampleViews';
import { rerunView, traversalView, vectorView } from './support/sampleViews';
import { TRAININGS } from './support/trainings';
import { CURVES } from '../../kernel/figures/anomalies/charts';
import { CASES, decodedAnomalies } from '../../kernel/figures/anomalies/data';
import { anomaliesPicture } from '../../kernel/figures/anomalies/picture';
import { codebookPicture } from '../../kernel/figures/codebook/picture';
import { decodedComparison, linesOf, USUAL_CHOICES } from '../../kernel/figures/comparison/data';
import { comparisonPicture } from '../../kernel/figures/comparison/picture';
import { textWidth } from '../../kernel/figures/marks';
import type { Mark, RectMark } from '../../kernel/figures/marks';
import { axisMarks } from '../../kernel/figures/panel/axisMarks';
import type { Panel } from '../../kernel/figures/panel/panel';
import { colourScaleMarks } from '../../kernel/figures/reconstructions/scale';
import { decodedScatter } from '../../kernel/figures/scatter/data';
import { legendMarks } from '../../kernel/figures/scatter/legendMarks';
import { scatterPicture } from '../../kernel/figures/scatter/picture';
import type { PlanePart } from '../../kernel/figures/scatter/picture';
import { trainingPicture } from '../../kernel/figures/training/picture';
import { traversalPicture } from '../../kernel/figures/traversal/picture';
import { bundle } from '../../kernel/views/bundle';
import { decode } from '../../kernel/views/encoding';
import { lossCurves } from '../../kernel/views/lossCurves';
import { differenceScale } from '../../kernel/views/pictures/differences';
import { pictureNotes } from '../../kernel/views/pictures/reconstructionNotes';
import { splitSamples } from '../../kernel/views/samples';
import { colourText } from '../../kernel/views/scatter/colouring';
import type { LatentScatterView } from '../../kernel/views/types';
import { pngPixels } from '../unit/views/pngPixels';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook({ width: 892 });
});
afterAll(() => lab.close());

const textsOf = (mark: Mark): string[] =>
  mark.kind === 'text' ? [mark.text] : mark.kind === 'group' ? mark.marks.flatMap(textsOf) : [];

/** The numbers and the name of each axis. */
const axesOf = (panels: readonly Panel[]) => axisMarks(panels).map((axis) => textsOf(axis));

const axesShown = (output: Locator) =>
  output
    .locator('.panels [data-mark*=" axis "]')
    .evaluateAll((axes) => axes.map((axis) => [...axis.querySelectorAll('text')].map((text) => text.textContent)));

/** The page leaves it to the browser to cut names that are too long. */
const isText = (text: string, whole: string) =>
  text === whole || (text.endsWith('…') && whole.startsWith(text.slice(0, -1)));

const widthOf = (output: Locator) => output.locator('.panels').evaluate((element) => element.clientWidth);

/** What the file that the page saves draws, and what the picture does. */
const curvesOf = (panels: readonly Panel[]) =>
  panels.flatMap(({ bands, lines }) => [...bands, ...lines].map(({ name }) => name));

describe.each([
  ...Object.entries(TRAININGS).map(([name, history]) => [name, () => lossCurves(history(), { id: name })] as const),
  ['a training whose cell had run before', () => rerunView()] as const,
])('%s', (name, make) => {
  it('has in the picture what the page shows, tab by tab', async () => {
    const view = make();
    const output = await show(notebook.page, MIME.lossCurves, view, name);
    const hasPanels = await output.locator('.panels').isVisible();
    const width = hasPanels ? await widthOf(output) : 860;
    const { pages, marks } = trainingPicture(view, { decode, width, widthOf: textWidth });
    const written = marks.flatMap(textsOf);
    const tabs = await output.getByRole('tab').allTextContents();
    expect(pages.length).toBe(hasPanels ? Math.max(1, tabs.length) : 0);
    const [progress, where] = await output.locator('.progress-text, .where').allTextContents();
    expect(written[1]).toBe([progress, ...(where ? [where] : [])].join(' · '));
    for (const [i, page] of pages.entries()) {
      if (tabs.length > 0) {
        expect(written).toContain(tabs[i]);
        await output.getByRole('tab').nth(i).click();
      }
      expect(await axesShown(output)).toEqual(axesOf(page.panels));
      expect((await drawnCurves(notebook.page, output)).map((curve) => curve.name)).toEqual(curvesOf(page.panels));
      // The picture has the weight of the average besides: there is no slider to look it up.
      const key = await output.locator('.key li').allTextContents();
      const names = await output.locator('.panel-name b').allTextContents();
      const inOrder = [...key.map((text) => text.replace(/smoothed$/, 'smoothed (weight 0.9)')), ...names];
      const from = tabs.length > 0 ? written.indexOf(tabs[i]!) + 1 : 2;
      const found = written.slice(from).flatMap((text) => inOrder.find((whole) => isText(text, whole)) ?? []);
      expect(found.slice(0, inOrder.length)).toEqual(inOrder);
    }
    expect(notebook.errors).toEqual([]);
  });
});

it('trainings that are compared have in the picture what the page shows', async () => {
  const view = comparisonView();
  const output = await show(notebook.page, MIME.comparison, view);
  const data = decodedComparison(view, decode);
  const terms = data.terms.map((term) => linesOf(data, term, USUAL_CHOICES));
  const drawing = { terms, choices: USUAL_CHOICES, unit: view.unit, zoom: {} };
  const room = { width: await widthOf(output), widthOf: textWidth };
  const { panels, marks } = comparisonPicture(view.title, data, drawing, room);
  expect(await axesShown(output)).toEqual(axesOf(panels));
  expect((await drawnCurves(notebook.page, output)).map((curve) => curve.name)).toEqual(curvesOf(panels));
  const key = await output.locator('.key li').allTextContents();
  expect(marks.flatMap(textsOf)).toEqual([view.title, ...key, ...data.terms]);
});

it('a traversal has in the picture the sliders of the page, with their values, in their order', async () => {
  const view = traversalView();
  const output = await show(notebook.page, MIME.traversal, view);
  const about = { z: view.anchors[0]!.z, anchor: 0, source: '' };
  const room = { width: 860, widthOf: textWidth };
  const { marks, cells, frames } = traversalPicture(view, view.sampleShape, about, room);
  const rows = output.locator('.row');
  const shown = await Promise.all(['.name', 'output', '.amount'].map((part) => rows.locator(part).allTextContents()));
  const written = marks.flatMap(textsOf);
  expect(written.slice(2, 2 + 3 * view.dimensions.length)).toEqual(
    shown[0]!.flatMap((_, row) => shown.map((texts) => texts[row]!)),
  );
  const sliders = await rows
    .locator('input')
    .evaluateAll((inputs) =>
      (inputs as HTMLInputElement[]).map((one) => (one.valueAsNumber - +one.min) / (+one.max - +one.min)),
    );
  const tracks = marks.filter((mark) => mark.kind === 'rect' && mark.height === 3);
  const thumbs = marks.filter((mark) => mark.kind === 'ellipse');
  sliders.forEach((share, i) => {
    const track = tracks[i] as RectMark;
    const from = track.x + 7;
    expect((thumbs[i]!.x - from) / (track.width - 14)).toBeCloseTo(share, 6);
  });
  expect(cells.length).toBe(view.dimensions.length * view.steps);
  // A frame around the step of each slider, and one around the large sample.
  const marked = await rows.locator('.mark').evaluateAll((all) => all.map((mark) => (mark as HTMLElement).offsetLeft));
  const strip = await rows.first().locator('.strip').boundingBox();
  const steps = marked.map((left) => Math.round((left / strip!.width) * view.steps));
  expect(frames.slice(0, -1).map((frame, row) => cells.find((cell) => cell.row === row && cell.place.x > (frame as RectMark).x)!.step)).toEqual(steps); // prettier-ignore
  const place = await output.locator('.place').textContent();
  expect(written.join(' ').replaceAll(/ +/g, ' ')).toContain(place);
});

it('a codebook has in the picture what the page shows, tab by tab', async () => {
  const { view } = fullCodebookView('codebook');
  const output = await show(notebook.page, MIME.codebookHistogram, view);
  const width = await widthOf(output);
  const { panels, marks, images, notes } = codebookPicture(view, { decode, width, widthOf: textWidth });
  const axes: unknown[] = [];
  const names: string[] = [];
  for (const tab of await output.getByRole('tab').all()) {
    await tab.click();
    names.push((await tab.textContent())!);
    if (!(await output.locator('.panels').isVisible())) continue;
    axes.push(...(await axesShown(output)));
    names.push(...(await output.locator('.names b').allTextContents()));
  }
  // Each tab counts its panels from 0.
  expect(axesOf(panels)).toEqual(axes);
  expect(marks.flatMap(textsOf).slice(2)).toEqual(names);
  expect(images.length).toBe(await output.locator('.map').count());
  const facts = await output.locator('.stats dd').allTextContents();
  expect(marks.flatMap(textsOf)[1]).toBe(`Perplexity ${facts[0]} · used ${facts[1]}`);
  await output.getByText(notes[0]!).waitFor();
});

it('anomalies have in the picture the charts, the threshold and the cases of the page', async () => {
  const view = await anomaliesView();
  const output = await show(notebook.page, MIME.anomalies, view);
  const data = decodedAnomalies(view, decode, splitSamples);
  const width = Number(await output.locator('.plot svg').getAttribute('width')) + 24;
  const choices = { threshold: view.threshold, curve: CURVES[0], kind: CASES[0] };
  const { marks, cells } = anomaliesPicture(data, choices, { width, widthOf: textWidth });
  const written = marks.flatMap(textsOf);
  const charts = await output.locator('.plot svg text').allTextContents();
  expect(written.slice(1, 1 + charts.length)).toEqual(charts);
  expect(written.join(' ')).toContain(await output.locator('.facts').textContent());
  const cases = output.locator('.case');
  expect(cells.length).toBe(2 * (await cases.count()));
  const scores = await cases.locator('.score').allTextContents();
  expect(written.slice(-2 * scores.length).filter((_, i) => i % 2 === 0)).toEqual(scores);
});

interface Written {
  text: string;
  x: number;
  y: number;
}

const writtenIn = (marks: readonly Mark[]): Written[] =>
  marks.flatMap((mark) => {
    if (mark.kind === 'group') return writtenIn(mark.marks);
    return mark.kind === 'text' ? [{ text: mark.text, x: mark.x, y: mark.y }] : [];
  });

const textsShown = (drawing: Locator): Promise<Written[]> =>
  drawing.locator('text').evaluateAll((texts) =>
    texts.map((one) => ({
      text: one.textContent,
      ...{ x: Number(one.getAttribute('x')), y: Number(one.getAttribute('y')) },
    })),
  );

/** Places in whole tenths of a pixel, moved upwards. */
const moved = (texts: readonly Written[], by = 0, left = 0) =>
  texts.map(({ text, x, y }) => ({ text, x: Math.round(10 * (x - left)), y: Math.round(10 * (y - by)) }));

const scatterCases: [string, () => LatentScatterView][] = [
  ['classes', () => scatterView({ id: 'classes' })],
  ['a scale', () => ({ ...scatterView({ id: 'scale' }), colourBy: 'norm' })],
  ['one dimension', () => scatterView({ id: 'line', d: 1, grid: false })],
  ['PCA', () => ({ ...scatterView({ id: 'pca', d: 16 }), projections: { pca: firstComponents(16, 4) }, space: 'pca' })],
  ['three dimensions', () => ({ ...scatterView({ id: 'solid', d: 6 }), turn: { third: 2, yaw: -0.6, pitch: 0.45 } })],
  ['vectors', () => vectorScatterView()],
];

describe.each(scatterCases)('a latent scatter of %s', (_, make) => {
  it('has in the picture the plane, the sample and the legend of the page, where they stand there', async () => {
    const view = make();
    const output = await show(notebook.page, MIME.latentScatter, view);
    if (view.turn) await output.getByRole('button', { name: 'Turn' }).waitFor();
    const layout = output.locator('.plane');
    const frame = (await layout.boundingBox())!;
    const data = decodedScatter(view, decode, splitSamples);
    const { planes, marks, sample, notes } = scatterPicture(view, data, { width: frame.width, widthOf: textWidth });
    const [part, grid] = planes;
    const head = part!.plane.area.top - 8;
    const axes = ({ behind, before }: PlanePart, by: number) => moved(writtenIn([...behind, ...before]), by);
    expect(moved(await textsShown(output.locator('.stage > svg:not(.marks)')))).toEqual(axes(part!, head));
    const written = writtenIn(marks);
    expect(written[0]!.text).toBe(await output.locator('.title').textContent());

    const placeOf = async (one: Locator) => {
      const box = (await one.boundingBox())!;
      return { left: box.x - frame.x, top: box.y - frame.y + head, width: box.width, height: box.height };
    };
    const words = await output.locator('.decoded .lines > *, .decoded .source').allTextContents();
    const picture = output.locator('.decoded .frame > *');
    expect(sample === null).toBe((await picture.count()) === 0);
    if (sample) {
      expect(written.slice(1, 1 + words.length).map(({ text }) => text)).toEqual(words);
      const place = await placeOf(picture);
      for (const side of ['left', 'top', 'width', 'height'] as const)
        expect(Math.abs(place[side] - sample.box[side]), side).toBeLessThan(1.5);
    }

    const legend = output.locator('.legend li:not([hidden]) span');
    const entries = writtenIn(marks.filter((mark) => mark.kind === 'group' && mark.id === 'legend'));
    expect(entries.map(({ text }) => text)).toEqual(await legend.allTextContents());
    // What a page without a grid says in place of a sample has no place in a picture.
    const first = sample && entries.length > 0 ? await placeOf(legend.first()) : null;
    for (const [i, { x, y }] of entries.entries()) {
      const place = await placeOf(legend.nth(i));
      expect(Math.abs(place.left - x)).toBeLessThan(1.5);
      if (first) expect(Math.abs(place.top + place.height / 2 + 4 - y)).toBeLessThan(5);
    }
    const { colouring } = data;
    const scale = output.locator('.scale');
    expect(await scale.isVisible()).toBe(colouring.kind === 'scale');
    if (colouring.kind === 'scale') {
      const bar = await placeOf(scale.locator('svg'));
      const name = written.find(({ text }) => text === colourText(colouring.name))!;
      expect(await scale.locator('.name').textContent()).toBe(name.text);
      const ticks = writtenIn(marks.filter((mark) => mark.kind === 'group' && mark.id === 'scale'));
      const shown = await textsShown(scale);
      expect(shown.map(({ text }) => text)).toEqual(ticks.map(({ text }) => text));
      shown.forEach(({ x, y }, i) => {
        expect(Math.abs(bar.left + x - ticks[i]!.x)).toBeLessThan(1.5);
        expect(Math.abs(bar.top + y - ticks[i]!.y)).toBeLessThan(5);
      });
    }
    const said = await output.locator('figcaption').last().innerText();
    for (const note of notes) expect(said).toContain(note.replace(/\.$/, ''));

    const manifold = output.getByRole('button', { name: 'Manifold' });
    expect(await manifold.isEnabled()).toBe(grid !== undefined);
    if (grid) {
      await manifold.click();
      const by = grid.plane.area.top - 8;
      expect(moved(await textsShown(output.locator('.stage > svg:not(.marks)')))).toEqual(axes(grid, by));
    }
    expect(notebook.errors).toEqual([]);
  });
});

it('of more classes than a picture has room for it says how many are left out', () => {
  const groups = Array.from({ length: 90 }, (_, label) => ({ label, name: `class ${label}`, count: label === 3 ? 0 : 1 })); // prettier-ignore
  const room = { left: 0, top: 0, width: 248, height: 0 };
  const texts = legendMarks(groups, room, textWidth).marks.flatMap(textsOf);
  // Two columns of ten, the last place taken by the rest; nobody is class 3.
  expect(texts).toHaveLength(20);
  expect(texts.slice(2, 4)).toEqual(['class 2', 'class 4']);
  expect(texts.at(-1)).toBe('and 70 more');
  const long = groups.map((group) => ({ ...group, name: `a longer name, of ${group.name}` }));
  expect(legendMarks(long, room, textWidth).marks.flatMap(textsOf)).toHaveLength(10);
});

/**
 * The bar of a scale from dark orange down to dark blue: its place, its height, and how much white there is between the
 * images and it.
 */
function barIn(width: number, height: number, at: (x: number, y: number) => readonly [number, number, number]) {
  const near = (colour: readonly number[], wanted: readonly number[]) =>
    colour.every((value, c) => Math.abs(value - wanted[c]!) < 24);
  const [orange, blue] = [[138, 45, 4], [11, 60, 138]] as const; // prettier-ignore
  const isBar = (x: number) => {
    const ys = Array.from({ length: height }, (_, y) => y);
    const top = ys.find((y) => near(at(x, y), orange));
    const foot = ys.findLast((y) => near(at(x, y), blue));
    if (top === undefined || foot === undefined || foot - top < 40) return undefined;
    const share = (part: number) => at(x, Math.round(top + part * (foot - top)));
    // Halfway down it is nearly white, between that and its ends nearly plain orange and blue.
    return near(share(0.5), [247, 247, 247]) && near(share(0.25), [229, 138, 69]) && near(share(0.75), [91, 147, 214])
      ? foot - top
      : undefined;
  };
  const x = Array.from({ length: width }, (_, i) => i).findLast((one) => isBar(one) !== undefined);
  if (x === undefined) return undefined;
  const long = isBar(x)!;
  let left = x;
  while (isBar(left - 1) !== undefined) left--;
  const isWhite = (one: number) =>
    Array.from({ length: height }, (_, y) => at(one, y)).every((colour) => colour.every((value) => value > 200));
  // The frame around it.
  let gap = 0;
  for (let one = left - 3; one > 0 && isWhite(one); one--) gap++;
  return { height: long, gap };
}

it.each([
  ['images', () => reconstructionView()],
  ['film strips', () => framesView()],
] as const)(
  'the scale of differences of %s stands to the right of them, on the page and in the picture',
  async (_, make) => {
    const view = make();
    const output = await show(notebook.page, MIME.reconstructions, view);
    const page = await pixels(output.locator('.stage'));
    const onPage = barIn(page.width, page.height, (x, y) => page.at(x, y))!;
    const png = pngPixels(Buffer.from(bundle(MIME.reconstructions, view)['image/png'] as string, 'base64'));
    const channel = (x: number, y: number, c: number) => png.data[(y * png.width + x) * png.channels + c]!;
    const drawn = barIn(png.width, png.height, (x, y) => [channel(x, y, 0), channel(x, y, 1), channel(x, y, 2)])!;
    const density = png.resolution!.x / (96 / 0.0254);
    expect(Math.abs(onPage.height - drawn.height / density)).toBeLessThan(3);
    expect(Math.abs(onPage.gap - drawn.gap / density)).toBeLessThan(4);
    const inputs = splitSamples(view.inputs!);
    const outputs = view.methods.map(({ samples }) => splitSamples(samples));
    const { limit } = differenceScale(inputs, outputs, view.sampleShape);
    const marks = colourScaleMarks({ x: 0, y: 0, width: 10, height: 160 }, { limit, colourOf: () => 'none' });
    const texts = output.locator('[data-mark="difference scale"] text');
    expect(await texts.allTextContents()).toEqual(marks.flatMap(textsOf));
  },
);

it.each([
  ['images', () => reconstructionView()],
  ['samples from the prior', () => galleryView()],
  ['vectors', () => vectorView()],
])('reconstructions of %s have below the picture what the page says below them', async (_, make) => {
  const view = make();
  const output = await show(notebook.page, MIME.reconstructions, view);
  const shape = view.sampleShape;
  const inputs = view.inputs ? splitSamples(view.inputs) : [];
  const outputs = view.inputs ? view.methods.map(({ samples }) => splitSamples(samples)) : [];
  const notes = pictureNotes(view, differenceScale(inputs, outputs, shape), shape);
  const said = await output.locator('figcaption').last().innerText();
  for (const note of notes) expect(said).toContain(note);
  expect(notes.some((note) => note.startsWith('Mean squared error of these'))).toBe(view.inputs !== null);
});
