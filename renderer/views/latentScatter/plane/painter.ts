/** The plane onto the stage: grid lines, the points or the mosaic, the frame. */
import type { Mark } from '../../../../kernel/figures/marks';
import { gridLines, planeAxes } from '../../../../kernel/figures/scatter/axes';
import { mosaicBox, mosaicProfiles } from '../../../../kernel/figures/scatter/mosaic';
import type { Coordinates, Plane } from '../../../../kernel/figures/scatter/plane';
import type { Solid } from '../../../../kernel/figures/scatter/spaces';
import { svg } from '../../../dom';
import { coloursOf, markElement } from '../../../figure/marks';
import type { Stage } from '../../../figure/stage';
import { drawPoints } from '../../../gl/drawPoints';
import type { PointsDrawn } from '../../../gl/drawPoints';
import { sharedGl } from '../../../gl/sharedContext';
import type { Theme } from '../../../theme';
import type { LatentData, LatentGrid } from '../model';
import { mosaicCanvas } from './mosaic';
import { ink, pointsOf } from './points';
import { turning } from './turning';
import type { PointLook, Points } from './points';

export interface Picture {
  data: LatentData;
  coordinates: Coordinates;
  plane: Plane;
  look: PointLook;
  /** Names of the axes; the second is null when the latent space has one dimension. */
  names: readonly [string, string | null];
  /** The decoded grid instead of the points. */
  manifold: boolean;
  /** Three dimensions, as they are turned. */
  solid?: Solid | undefined;
}

let clips = 0;

export class Painter {
  /** How the last picture came about. */
  drawn: PointsDrawn = { reason: null, isDensity: false };
  private points: Points | undefined;
  /** The colours that they were inked in; undefined: they have to be inked anew. */
  private inks: readonly string[] | undefined;
  private mosaic: { grid: LatentGrid; canvas: HTMLCanvasElement } | undefined;
  private readonly clip = `plane-${++clips}`;

  constructor(private readonly stage: Stage) {}

  /** The points changed. */
  forget(): void {
    if (this.points) sharedGl().release(this.points.batch);
    this.points = undefined;
  }

  /** Their look changed. */
  recolour(): void {
    this.inks = undefined;
  }

  /** @returns how the picture came about */
  paint(picture: Picture, theme: Theme): PointsDrawn {
    const { plane, manifold } = picture;
    const paper = this.stage.paper();
    if (manifold) this.paintMosaic(paper, picture);
    else this.paintPoints(paper, picture, theme);
    const profiles = manifold ? manifoldProfiles(picture, theme) : [];
    const { behind, before } = frameMarks(picture, theme, this.clip);
    this.stage.under.replaceChildren(...behind, ...clipped(profiles, plane, this.clip));
    this.stage.over.replaceChildren(...before);
    return this.drawn;
  }

  private paintPoints(
    paper: CanvasRenderingContext2D,
    { data, coordinates, look, plane }: Picture,
    theme: Theme,
  ): void {
    if (this.points === undefined) this.points = pointsOf(data, coordinates, look, theme);
    else if (this.inks !== theme.categories) ink(this.points, data, look, theme);
    this.inks = theme.categories;
    this.drawn = drawPoints(paper, this.points.batch, plane, plane.area, this.stage.density);
  }

  private paintMosaic(paper: CanvasRenderingContext2D, { data, plane }: Picture): void {
    const { grid, shape } = data;
    if (grid === null || shape.kind !== 'image') return;
    if (this.mosaic?.grid !== grid) this.mosaic = { grid, canvas: mosaicCanvas(grid, shape) };
    const { area } = plane;
    const { x, y, width, height } = mosaicBox(grid, plane);
    paper.save();
    paper.beginPath();
    paper.rect(area.left, area.top, area.width, area.height);
    paper.clip();
    paper.drawImage(this.mosaic.canvas, x, y, width, height);
    paper.restore();
  }
}

/** What lies behind the points and before them: grid, axes; in three dimensions a box. */
export function frameMarks({ plane, names, solid }: Picture, theme: Theme, id: string) {
  const elements = (marks: readonly Mark[]) => marks.map((mark) => markElement(mark, coloursOf(theme)));
  const box = solid && turning()?.boxMarks(plane, solid);
  if (!box) return { behind: elements(gridLines(plane, names[1] !== null)), before: elements(planeAxes(plane, names)) };
  return {
    behind: clipped(elements(box.behind), plane, `${id}-behind`),
    before: clipped(elements(box.before), plane, `${id}-before`),
  };
}

/** The mosaic of vector samples: one line a cell. */
export function manifoldProfiles({ data, plane }: Picture, theme: Theme): SVGElement[] {
  if (data.grid === null || data.shape.kind !== 'vector') return [];
  return mosaicProfiles(data.grid, plane).map((mark) => markElement(mark, coloursOf(theme)));
}

/** Elements cut off at the edges of the plane. */
export function clipped(elements: SVGElement[], { area }: Plane, id: string): SVGElement[] {
  if (elements.length === 0) return [];
  const { left: x, top: y, width, height } = area;
  const path = svg('clipPath', { id }, svg('rect', { x, y, width, height }));
  return [path, svg('g', { 'clip-path': `url(#${id})` }, ...elements)];
}
