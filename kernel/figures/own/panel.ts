/** A figure of your own numbers as a panel: the same for the live view, for saved pictures and in print. */
import { scaleColours, scaleStep, WITHOUT_VALUE } from '../../views/scatter/colourScale';
import { linearTicks, logTicks, type Tick } from '../../views/ticks';
import type { Colours } from '../marks';
import { widestOf } from '../panel/axisMarks';
import type { Axis, Band, Box, Cells, Line, Panel, Points } from '../panel/panel';
import { contourLines } from './contours';
import type { BarsData, CurveData, FigureData, PointsData, SurfaceData } from './data';
import { edgesOf, wholeRanges, type FigureChoices, type Range } from './ranges';

export interface PanelRequest {
  choices: FigureChoices;
  /** Where it lies. */
  box: Box;
  colours: Colours;
  /** Whether the ground is dark. */
  isDark: boolean;
  /** What the reader zoomed to, in axis units. */
  zoom: { x?: Range | undefined; y?: Range | undefined };
}

/** How strong a band is. */
const BAND = 0.2;
const BAND_ON_DARK = 0.32;

/** The axes of a panel in this box. */
export function axesOf(data: FigureData, { choices, box, zoom }: Pick<PanelRequest, 'choices' | 'box' | 'zoom'>) {
  const whole = wholeRanges(data, choices);
  const x = axis(zoom.x ?? whole.x, choices.logX, box.width, data.x.title, true);
  const y = axis(zoom.y ?? whole.y, choices.logY, box.height, data.y.title, false);
  return data.isEqual && !choices.logX && !choices.logY ? { x, y: steppedAs(x, y) } : { x, y };
}

export function figurePanel(data: FigureData, request: PanelRequest): Panel {
  const { choices, box } = request;
  const shown = data.layers.map((layer, i) => ({ layer, i })).filter(({ i }) => !choices.hidden.has(String(i)));
  const curves = shown.flatMap(({ layer }) => (layer.kind === 'curve' || layer.kind === 'path' ? [layer] : []));
  const bars = shown.flatMap(({ layer }) => (layer.kind === 'bars' ? [layer] : []));
  const surface = shown.map(({ layer }) => layer).find((layer): layer is SurfaceData => layer.kind === 'surface');
  return {
    box,
    hasLabels: true,
    ...axesOf(data, request),
    bands: [...bars.map((one) => barBand(one, request)), ...curves.flatMap((one) => bandOf(one, request))],
    lines: [
      ...bars.map((one) => barLine(one, request)),
      ...(surface ? contoursOf(surface, request) : []),
      ...curves.flatMap((one) => errorsOf(one, request)),
      ...(surface ? curves.map((one) => edgeOf(one, request)) : []),
      ...curves.map((one) => lineOf(one, request)),
    ],
    cells: surface && cellsOf(surface, request),
    points: pointsOf(
      shown.flatMap(({ layer, i }) => (layer.kind === 'points' ? [{ layer, i }] : [])),
      request,
    ),
    levels: data.lines.map(({ axis: along, value, text }) => ({
      axis: along,
      text,
      value: along === 'x' ? across(value, choices) : value,
    })),
    broken: [],
  };
}

/** A value on the x axis in its units: panels have no other scale than a linear one there. */
export function across(value: number, { logX }: Pick<FigureChoices, 'logX'>): number {
  return logX ? Math.log10(value) : value;
}

/** The value of a place on the x axis. */
export function backFrom(place: number, { logX }: Pick<FigureChoices, 'logX'>): number {
  return logX ? 10 ** place : place;
}

/** Pixels from one number to the next: along x, and up. */
const [APART, ABOVE] = [76, 36];
/** Pixels between two numbers below an axis, at least. */
const BETWEEN = 8;

function axis(range: Range, isLog: boolean, length: number, title: string, isAcross: boolean): Axis {
  const room = isAcross ? Math.max(3, Math.floor(length / APART)) : Math.max(2, Math.floor(length / ABOVE));
  const ticks = isLog
    ? logTicks(10 ** range[0], 10 ** range[1], room)
    : isAcross
      ? besideEachOther(range, length, room)
      : linearTicks(...range, room);
  if (!isLog) return { range, log: false, ticks, title: title || undefined };
  // Within a decade round values crowd together upwards.
  const perUnit = length / (range[1] - range[0]);
  const apart: Tick[] = [];
  for (const tick of ticks) {
    const last = apart.at(-1);
    const gap = last ? (Math.log10(tick.value) - Math.log10(last.value)) * perUnit : Infinity;
    if (gap >= (isAcross ? APART / 2 : ABOVE / 2)) apart.push(tick);
  }
  const placed = (tick: Tick) => (isAcross ? { ...tick, value: Math.log10(tick.value) } : tick);
  return { range, log: true, ticks: apart.map(placed), title: title || undefined };
}

/** As many as have room for their numbers below the axis. */
function besideEachOther(range: Range, length: number, most: number): Tick[] {
  const perUnit = length / (range[1] - range[0]);
  for (let count = most; count > 2; count--) {
    const ticks = linearTicks(...range, count);
    const needed = widestOf(ticks) + BETWEEN;
    if (ticks.every(({ value }, i) => i === 0 || (value - ticks[i - 1]!.value) * perUnit >= needed)) return ticks;
  }
  return linearTicks(...range, 2);
}

/** Where a unit is as long on both axes, their numbers are as far apart too. */
function steppedAs({ ticks: [first, second] }: Axis, y: Axis): Axis {
  if (!first || !second) return y;
  const ticks = linearTicks(...y.range, (y.range[1] - y.range[0]) / (second.value - first.value));
  return ticks.length > 1 ? { ...y, ticks } : y;
}

function acrossAll(values: ArrayLike<number>, choices: FigureChoices): ArrayLike<number> {
  return choices.logX ? Float64Array.from(values, Math.log10) : values;
}

// --- curves -------------------------------------------------------------------------------------------------------

function lineOf(curve: CurveData, { choices, colours }: PanelRequest): Line {
  const isPath = curve.kind === 'path';
  return {
    ...{ name: curve.name, x: acrossAll(curve.x, choices), y: curve.y, colour: colours(`category ${curve.colour}`) },
    ...{ width: isPath ? 2 : 1.7, isFree: isPath || !ascends(curve.x) },
    ...(curve.hasMarkers && { markers: isPath ? colours(`category ${curve.colour}`) : colours('background') }),
  };
}

/** What keeps a path apart from the colours below it. */
function edgeOf(curve: CurveData, request: PanelRequest): Line {
  return {
    ...lineOf({ ...curve, hasMarkers: false }, request),
    name: `edge ${curve.name}`,
    colour: withAlpha(request.colours('background'), 0.85),
    width: 4.5,
  };
}

function ascends(x: ArrayLike<number>): boolean {
  for (let i = 1; i < x.length; i++) if (!(x[i]! >= x[i - 1]!)) return false;
  return true;
}

function bandOf(curve: CurveData, { choices, colours, isDark }: PanelRequest): Band[] {
  const { x, low, high, colour, name, areErrors } = curve;
  if (!low || !high || areErrors) return [];
  const fill = withAlpha(colours(`category ${colour}`), isDark ? BAND_ON_DARK : BAND);
  return [{ name: `spread ${name}`, x: acrossAll(x, choices), low, high, colour: fill }];
}

/** A bar for each point, with a gap before the next. */
function errorsOf({ x, low, high, colour, name, areErrors }: CurveData, { choices, colours }: PanelRequest): Line[] {
  if (!low || !high || !areErrors) return [];
  const at = acrossAll(x, choices);
  const n = 3 * at.length;
  const pick = (i: number) => [low[Math.floor(i / 3)]!, high[Math.floor(i / 3)]!, NaN][i % 3]!;
  return [
    {
      ...{ name: `error ${name}`, x: Float64Array.from({ length: n }, (_, i) => at[Math.floor(i / 3)]!) },
      ...{ y: Float64Array.from({ length: n }, (_, i) => pick(i)), isFree: true },
      ...{ colour: colours(`category ${colour}`), width: 1.2 },
    },
  ];
}

// --- bars ---------------------------------------------------------------------------------------------------------

function steps({ edges, heights }: BarsData, choices: FigureChoices) {
  const n = 2 * heights.length;
  const at = acrossAll(edges, choices);
  return {
    x: Float64Array.from({ length: n }, (_, i) => at[(i + 1) >> 1]!),
    y: Float64Array.from({ length: n }, (_, i) => heights[i >> 1]!),
  };
}

function barBand(bars: BarsData, { choices, colours, isDark }: PanelRequest): Band {
  const { x, y } = steps(bars, choices);
  const fill = withAlpha(colours(`category ${bars.colour}`), isDark ? 0.45 : 0.35);
  // A log axis has no 0: bars begin below everything.
  const low = new Float64Array(x.length).fill(choices.logY ? Number.MIN_VALUE : 0);
  return { name: `bars ${bars.name}`, x, low, high: y, colour: fill };
}

function barLine(bars: BarsData, { choices, colours }: PanelRequest): Line {
  const { x, y } = steps(bars, choices);
  const closed = (values: Float64Array, ends: readonly [number, number]) =>
    Float64Array.of(ends[0], ...values, ends[1]);
  const foot = choices.logY ? NaN : 0;
  return {
    ...{ name: bars.name, x: closed(x, [x[0] ?? 0, x.at(-1) ?? 0]), y: closed(y, [foot, foot]) },
    ...{ colour: colours(`category ${bars.colour}`), width: 1.3 },
  };
}

// --- surfaces -----------------------------------------------------------------------------------------------------

function cellsOf({ name, x, y, z, range }: SurfaceData, { choices, isDark }: PanelRequest): Cells {
  const table = scaleColours(isDark ? 'dark' : 'light').map(([r, g, b]) => `rgb(${r}, ${g}, ${b})`);
  const without = `rgb(${WITHOUT_VALUE[isDark ? 'dark' : 'light'].join(', ')})`;
  return {
    ...{ name, edges: acrossAll(edgesOf(x), choices), up: edgesOf(y), rows: y.length },
    colour: (column, row) => table[scaleStep(z[row * x.length + column]!, [...range])] ?? without,
  };
}

function contoursOf(surface: SurfaceData, { choices, colours }: PanelRequest): Line[] {
  const colour = withAlpha(colours('background'), 0.65);
  return traced(surface).map(({ level, points }): Line => {
    const [xs, ys] = [points.map(([px]) => across(px, choices)), points.map(([, py]) => py)];
    return { name: `level ${level}`, x: xs, y: ys, isFree: true, colour, width: 1 };
  });
}

type Traced = readonly { level: number; points: ReturnType<typeof contourLines>[number] }[];
const contours = new WeakMap<SurfaceData, Traced>();

/** Its contour lines, found once: a zoom moves them alone. */
function traced(surface: SurfaceData): Traced {
  const known = contours.get(surface);
  if (known) return known;
  const found = surface.levels.flatMap((level) => contourLines(surface, level).map((points) => ({ level, points })));
  contours.set(surface, found);
  return found;
}

// --- points -------------------------------------------------------------------------------------------------------

/** All points of a panel, one layer above the other. */
function pointsOf(layers: readonly { layer: PointsData; i: number }[], request: PanelRequest): Points | undefined {
  if (layers.length === 0) return undefined;
  const { choices } = request;
  const [x, y, tone]: [number[], number[], string[]] = [[], [], []];
  for (const { layer, i } of layers) {
    const colour = pointColour(layer, request);
    const at = acrossAll(layer.x, choices);
    for (let point = 0; point < at.length; point++) {
      if (layer.groups && choices.hidden.has(`${i} ${layer.groups.of[point]}`)) continue;
      x.push(at[point]!);
      y.push(layer.y[point]!);
      tone.push(colour(point));
    }
  }
  const order = Int32Array.from(x, (_, i) => i);
  const size = Math.min(...layers.map(({ layer }) => layer.size));
  return { name: layers.map(({ layer }) => layer.name).join(', '), x, y, order, colour: (point) => tone[point]!, size };
}

export function pointColour(
  { groups, values, colour }: PointsData,
  { colours, isDark }: Pick<PanelRequest, 'colours' | 'isDark'>,
) {
  const strength = 0.85;
  if (values) {
    const table = scaleColours(isDark ? 'dark' : 'light').map(([r, g, b]) => `rgb(${r}, ${g}, ${b})`);
    const without = `rgb(${WITHOUT_VALUE[isDark ? 'dark' : 'light'].join(', ')})`;
    return (point: number) => table[scaleStep(values.of[point]!, [...values.range])] ?? without;
  }
  if (groups) {
    const tones = groups.names.map((_, group) => withAlpha(colours(`category ${group}`), strength));
    return (point: number) => tones[groups.of[point]!] ?? colours('muted');
  }
  const tone = withAlpha(colours(`category ${colour}`), strength);
  return () => tone;
}

function withAlpha(hex: string, alpha: number): string {
  const channel = (at: number) => parseInt(hex.slice(at, at + 2), 16);
  return `rgba(${channel(1)}, ${channel(3)}, ${channel(5)}, ${alpha})`;
}
