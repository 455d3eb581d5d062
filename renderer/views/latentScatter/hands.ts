/** What the reader's hands do on the plane: aim, draw shapes, hold, go from point to point. */
import { countOf } from '../../../kernel/views/scatter/masks';
import type { Figure } from '../../figure/figure';
import { counted, count } from '../../numbers';
import type { LatentData } from './model';
import { listen } from './plane/gestures';
import type { Tool } from './plane/gestures';
import type { Marks } from './plane/marks';
import type { Pixel, PlaneView } from './plane/planeView';
import { mixOf } from './selection/mix';
import type { LazySelecting } from './selection/lazySelecting';
import { Shape } from './selection/shape';
import { spokenTarget } from './wording';
import type { Target } from './wording';

export interface HandsContext {
  stage: HTMLElement;
  figure: Figure;
  view: PlaneView;
  marks: Marks;
  selecting: LazySelecting;
  /** What a plain drag does. */
  tool: { get(): Tool; set(tool: Tool): void };
  data(): LatentData;
  isHidden(point: number): boolean;
  /** The point that a pixel means, or −1. */
  pointUnder(at: Pixel): number;
  /** Another place is aimed at: shows what lies there. @param spoken for who cannot see it */
  onAim(target: Target, spoken: boolean): void;
  /** A way from the place before to this one. */
  onWay(from: Target, to: Target): void;
  /** What is seen in three dimensions is turned. */
  onTurned(): void;
  /** Draws the plane as it is now. */
  render(): void;
}

/** What can be done on the plane, for who cannot see it. */
export const HANDS =
  'Latent plane. Arrow keys move the crosshair, with Shift five times as far, and decode there; with Alt they go to the ' +
  'nearest point that way; N and P go to the next and the previous point. W, A, S and D pan; plus and minus zoom, X and Y ' +
  'one axis, with Shift out; 0 fits all points. L and R take lasso and rectangle: Enter sets a corner, Backspace ' +
  'removes it, Enter at the last corner ends the shape, Escape clears. I starts a path and ends it. C counts the classes. ' +
  'Three dimensions turn with Q and E, and tilt with Shift and these.';

const NO_WAY_BACK = 'A place on this plane is not a latent point; go to a point with N, P, or Alt and an arrow.';

export class Hands {
  target: Target | null = null;
  private readonly shape = new Shape();
  /** Where a way begins that the keyboard has begun. */
  private begun: Target | null = null;

  constructor(private readonly context: HandsContext) {
    const { stage, view, tool, selecting, render } = context;
    listen(
      stage,
      {
        onPick: (at, { dragged, second }) => this.pick(at, dragged, second),
        onPan: (dx, dy) => {
          view.pan(dx, dy);
          render();
        },
        onTurn: (dx, dy) => {
          if (view.turn === null) return;
          view.turnBy(dx, dy);
          this.context.onTurned();
        },
        onZoom: (factor, at) => this.zoom(factor, at),
        onFit: () => this.fit(),
        onStep: (dx, dy) => this.step(dx, dy),
        onNeighbour: (dx, dy) => this.toNeighbour([dx, dy]),
        onTraverse: (by) => this.traverse(by),
        onShape: (corners) => {
          this.shape.corners = corners.map((at) => view.unitsAt(at));
          this.outline();
        },
        onShapeEnd: (corners, mode) => {
          this.shape.clear();
          selecting.draw(
            corners.map((at) => view.unitsAt(at)),
            mode,
          );
          this.outline();
        },
        onCorner: () => this.addCorner(),
        onCornerBack: () => {
          this.shape.back();
          this.outline();
        },
        onEscape: () => this.escape(),
        onTool: (wanted) => this.take(tool.get() === wanted ? 'decode' : wanted),
        onCount: () => this.readCounts(),
        onWay: () => this.markWay(),
      },
      () => tool.get(),
    );
  }

  /** @param follow keep the crosshair in view and say where it is, as for the keyboard */
  aim(target: Target, follow = false): void {
    const { view, figure, data } = this.context;
    this.target = target;
    if (follow && this.targetPixel() === null) {
      view.centreOn(target);
      this.context.render();
    }
    this.crosshair();
    if (follow) figure.announce(spokenTarget(target, data(), view));
    this.context.onAim(target, follow);
  }

  take(tool: Tool): void {
    this.context.tool.set(tool);
    if (tool === 'lasso' || tool === 'rectangle') this.context.selecting.prepare();
    this.shape.clear();
    this.outline();
    for (const one of ['lasso', 'rectangle', 'pan', 'turn'] as const)
      this.context.stage.classList.toggle(one, one === tool);
  }

  zoom(factor: { x: number; y: number }, at: Pixel | null): void {
    this.context.view.zoom(factor, at ?? this.targetPixel());
    this.context.render();
  }

  /** @param all outliers too */
  fit(all = false): void {
    this.context.view.fit(all);
    this.context.render();
  }

  /** What lies over the plane, where it is now. */
  crosshair(): void {
    this.context.marks.crosshair(this.targetPixel(), this.context.figure.theme);
  }

  outline(): void {
    const { view, marks, figure } = this.context;
    marks.outline(
      this.shape.corners.map((corner) => view.pixelAt(corner)),
      figure.theme,
    );
  }

  private targetPixel(): Pixel | null {
    return this.target && this.context.view.pixelOf(this.target);
  }

  /** A point that was hit is shown as it is; elsewhere, and while dragging, the place in the plane. */
  private pick(at: Pixel, dragged: boolean, second: boolean): void {
    const { view, pointUnder, isHidden, onWay, figure } = this.context;
    if (!view.contains(at)) return;
    const hit = dragged ? -1 : pointUnder(at);
    const place = hit < 0 ? view.placeAt(at) : null;
    // Where a place is no latent point, its nearest point is meant.
    const point = hit < 0 && place === null ? view.nearest(at, Infinity, isHidden) : hit;
    const target = point >= 0 ? view.pointTarget(point) : place;
    if (target === null) return;
    const from = this.target;
    this.aim(target);
    if (second && from !== null) onWay(from, target);
    else if (second) figure.announce('A path has two ends: click one place, then another with Shift.');
  }

  private step(dx: number, dy: number): void {
    const place = this.context.view.placeBeside(this.target, dx, dy);
    if (place !== null) this.aim(place, true);
    else this.context.figure.announce(NO_WAY_BACK);
  }

  private toNeighbour(way: Pixel): void {
    const { view, isHidden, figure } = this.context;
    const point = view.neighbour(this.target, way, isHidden);
    if (point >= 0) this.aim(view.pointTarget(point), true);
    else figure.announce('No point lies that way.');
  }

  private traverse(by: 1 | -1): void {
    const { view, isHidden, data } = this.context;
    const { n } = data();
    let point = this.target?.point ?? (by > 0 ? -1 : n);
    do point += by;
    while (point >= 0 && point < n && (isHidden(point) || !view.isFinite(point)));
    if (point >= 0 && point < n) this.aim(view.pointTarget(point), true);
  }

  /** The two ends of a way, one after the other. */
  private markWay(): void {
    const { figure, onWay } = this.context;
    if (this.target === null) return figure.announce('Go to a place first.');
    if (this.begun === null) {
      this.begun = this.target;
      figure.announce('The path starts here; go to its end and press I.');
    } else {
      onWay(this.begun, this.target);
      this.begun = null;
    }
  }

  /** A corner where the crosshair is. */
  private addCorner(): void {
    const { tool, view, selecting, figure } = this.context;
    const now = tool.get();
    if (now !== 'lasso' && now !== 'rectangle') return;
    if (this.target === null) return this.step(0, 0);
    const ended = this.shape.add(view.placeOf(this.target), now);
    if (ended !== undefined) {
      this.shape.clear();
      selecting.draw(ended, 'replace');
    } else figure.announce(`Corner ${this.shape.corners.length}.`);
    this.outline();
  }

  private escape(): void {
    const { selecting } = this.context;
    if (this.begun !== null) this.begun = null;
    else if (this.shape.corners.length > 0) this.shape.clear();
    else if (selecting.mask !== null) selecting.clear();
    else this.take(this.context.view.turn === null ? 'decode' : 'turn');
    this.outline();
  }

  /** What is in view, class by class, and what is selected. */
  private readCounts(): void {
    const { view, isHidden, data, figure, selecting } = this.context;
    const inView = view.inView(isHidden);
    const mix = mixOf(inView, data()).map(({ name, count: points }) => `${name} ${count(points)}`);
    const all = `${counted(countOf(inView), 'point')} in view${mix.length > 0 ? `: ${mix.join(', ')}` : ''}.`;
    figure.announce(`${all} ${selecting.words()}`);
  }
}
