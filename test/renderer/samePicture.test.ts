/**
 * What the page shows of a view and what the kernel draws of it are the same: the same panels with the same curves, keys,
 * axes and numbers, in the same order.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { drawnCurves, show } from './support/figures';
import { fullCodebookView } from './support/codebookViews';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { anomaliesView, comparisonView, galleryView, MIME, reconstructionView } from './support/sampleViews';
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
import { trainingPicture } from '../../kernel/figures/training/picture';
import { traversalPicture } from '../../kernel/figures/traversal/picture';
import { decode } from '../../kernel/views/encoding';
import { lossCurves } from '../../kernel/views/lossCurves';
import { differenceScale } from '../../kernel/views/pictures/differences';
import { pictureNotes } from '../../kernel/views/pictures/reconstructionNotes';
import { splitSamples } from '../../kernel/views/samples';

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
