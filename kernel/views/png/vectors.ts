import { scaleLinear } from 'd3-scale';
import { pictureNotes } from '../pictures/reconstructionNotes';
import { splitSamples } from '../samples';
import type { ReconstructionsView } from '../types';
import { alike, count, quantity, sampleName } from '../wording';
import { bottom, drawBottomAxis, drawFrame, drawLeftAxis, right, ticksOf } from './axes';
import type { Box, Scale } from './axes';
import { drawPng, drawText, textWidth, wrapText } from './canvas';
import type { Context } from './canvas';
import { drawNotes, noteLines, notesHeight } from './figures/notes';
import { pageWidth } from './page';
import { categoryColour, INK, QUIET } from './palette';

/** Panels beside each other. */
const columnsOfPage = () => Math.max(1, Math.min(4, Math.floor((pageWidth(800) - 58 + 10) / 198)));
const MAX_PANELS = 8;
const PANEL = { width: 168, height: 96 };
const [LEFT, TOP, GAP_X, GAP_Y] = [58, 66, 30, 52];

interface Profile {
  name: string;
  colour: string;
  values: ArrayLike<number>[];
}

/** Samples that are no images: one small panel a sample, the features along the axis, input and methods as lines. */
export function vectorReconstructionsPng(view: ReconstructionsView, features: readonly string[]): Buffer {
  const profiles = readProfiles(view);
  const panels = Math.min(MAX_PANELS, Math.max(0, ...profiles.map((profile) => profile.values.length)));
  const rows = Math.ceil(panels / columnsOfPage());
  const columns = Math.min(columnsOfPage(), Math.max(2, panels));
  const width = LEFT + columns * PANEL.width + (columns - 1) * GAP_X + 20;
  const foot = TOP + rows * (PANEL.height + GAP_Y) - 4;
  // Profiles have axes instead of colours: nothing lies beyond a scale.
  const notes = noteLines(pictureNotes(view, { limit: 0, beyond: 0 }, view.sampleShape), width);
  const y = commonScale(profiles, panels);
  const titles = panelTitles(view, panels);
  return drawPng(width, foot + notesHeight(notes) + 6, (context) => {
    drawText(context, view.title, 14, 22, { size: 14, weight: 'bold', maxWidth: width - 28 });
    drawKey(context, view, profiles);
    for (let i = 0; i < panels; i++) {
      const box: Box = {
        left: LEFT + (i % columnsOfPage()) * (PANEL.width + GAP_X),
        top: TOP + Math.floor(i / columnsOfPage()) * (PANEL.height + GAP_Y),
        ...PANEL,
      };
      y.range([bottom(box) - 4, box.top + 4]);
      drawFrame(context, box);
      if (i % columnsOfPage() === 0) drawLeftAxis(context, box, y, { ticks: ticksOf(y, 4) });
      drawFeatures(context, box, features);
      for (const profile of profiles) drawProfile(context, box, profile, i, y);
      drawText(context, titles[i]!, box.left, box.top - 5, { size: 10, colour: QUIET, maxWidth: PANEL.width });
    }
    drawNotes(context, notes, foot);
  });
}

function readProfiles(view: ReconstructionsView): Profile[] {
  const input = view.inputs ? [{ name: 'input', colour: INK, values: splitSamples(view.inputs) }] : [];
  const methods = view.methods.map((method, i) => ({
    name: method.name,
    // As the live figure has them: the first colour is no method's.
    colour: categoryColour(i + 1),
    values: splitSamples(method.samples),
  }));
  return [...input, ...methods];
}

function commonScale(profiles: Profile[], panels: number): Scale {
  const all = profiles.flatMap((profile) => profile.values.slice(0, panels).flatMap((values) => Array.from(values)));
  const finite = all.filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  return scaleLinear()
    .domain(low < high ? [low, high] : [0, 1])
    .nice(4);
}

/** `row 3 · squared error 0.1406`; of several methods, in their order, `row 3 · 0.141, 0.603`. */
function panelTitles({ inputs, labels, methods }: ReconstructionsView, panels: number): string[] {
  const measured = methods.filter(({ errors }) => errors.length > 0);
  const written = measured.map(({ errors }) => alike(errors.slice(0, panels).map((error) => error ?? NaN)));
  return Array.from({ length: panels }, (_, i) => {
    const label = labels[i] ?? sampleName(inputs === null, i);
    const errors = written.flatMap((one) => one[i] ?? []).join(', ');
    if (errors === '') return label;
    return `${label} · ${measured.length === 1 ? 'squared error ' : ''}${errors}`;
  });
}

function drawFeatures(context: Context, box: Box, features: readonly string[]): void {
  if (features.length > 6) {
    const x = scaleLinear([1, features.length], [box.left + 6, right(box) - 6]);
    drawBottomAxis(context, box, x, { ticks: ticksOf(x, 4, { whole: true }) });
    return;
  }
  const style = { size: 9, colour: QUIET, align: 'center', baseline: 'top' } as const;
  const room = (box.width - 12) / Math.max(1, features.length - 1) - 4;
  features.forEach((name, j) => {
    wrapText(context, name, room, style)
      .slice(0, 2)
      .forEach((text, row) => {
        const y = bottom(box) + 5 + 11 * row;
        drawText(context, text, position(box, j, features.length), y, { ...style, maxWidth: room });
      });
  });
}

function drawProfile(context: Context, box: Box, profile: Profile, i: number, y: Scale): void {
  const values = profile.values[i];
  if (!values) return;
  context.save();
  context.strokeStyle = context.fillStyle = profile.colour;
  context.lineWidth = profile.name === 'input' ? 2 : 1.2;
  context.globalAlpha = profile.name === 'input' ? 0.55 : 1;
  const isThere = (j: number) => Number.isFinite(values[j]);
  context.beginPath();
  for (let j = 0; j < values.length; j++) {
    if (!isThere(j)) continue;
    const [across, up] = [position(box, j, values.length), y(values[j]!)];
    if (isThere(j - 1)) context.lineTo(across, up);
    else context.moveTo(across, up);
  }
  context.stroke();
  for (let j = 0; j < values.length; j++) {
    // A value between two gaps has no line.
    const isMarked = values.length <= 20 || !(isThere(j - 1) || isThere(j + 1));
    if (!isThere(j) || !isMarked) continue;
    context.beginPath();
    context.arc(position(box, j, values.length), y(values[j]!), 2, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}

const position = (box: Box, j: number, n: number) =>
  n === 1 ? box.left + box.width / 2 : box.left + 6 + ((box.width - 12) * j) / (n - 1);

function drawKey(context: Context, view: ReconstructionsView, profiles: Profile[]): void {
  let x = 14;
  for (const profile of profiles) {
    const held = view.methods.find((method) => method.name === profile.name)?.heldOut;
    const measured = held ? ` (MSE ${quantity(held.meanSquaredError ?? NaN)} on ${count(held.count)} held out)` : '';
    context.fillStyle = profile.colour;
    context.fillRect(x, 37, 16, 2.5);
    drawText(context, profile.name + measured, x + 21, 38, { size: 10.5, baseline: 'middle' });
    x += 21 + textWidth(context, profile.name + measured, { size: 10.5 }) + 18;
  }
}
