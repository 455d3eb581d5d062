/** Which dimensions are shown, which part of them, and what lies where on the screen. */
import {
  centred,
  countOutside,
  extentOf,
  fitPlane,
  inside,
  toLatent,
  toPixel,
} from '../../../../kernel/figures/scatter/plane';
import type { Coordinates, Extent, Plane } from '../../../../kernel/figures/scatter/plane';
import { latentSpace } from '../../../../kernel/figures/scatter/spaces';
import type { Place, Solid, Space } from '../../../../kernel/figures/scatter/spaces';
import type { Turn } from '../../../../kernel/views/scatter/turn';
import type { Area } from '../../../gl/points';
import { pointAt } from '../model';
import type { LatentData } from '../model';
import { centreOf, nearestPoint, neighbour, panned, resized, zoomed } from './plane';
import { targetName } from '../wording';
import type { SpokenPlane, Target } from '../wording';
import { turning as loadedTurning } from './turning';

export type Pixel = [number, number];

/** How far one may zoom in and out, from what shows the points: beyond, float32 has no more digits, and there is nothing. */
const ZOOM = { most: 1e5, least: 0.02 };

/** Radians that a pixel turns. */
const PER_PIXEL = 0.008;

const NOTHING: Extent = { across: [-1, 1], up: [-1, 1] };

export class PlaneView implements SpokenPlane {
  coordinates: Coordinates = new Float32Array();
  /** Absent until the size is known. */
  plane: Plane | undefined;
  /** Points too far away to show with the others, unless all are asked for. */
  outliers = 0;
  private core: Extent = NOTHING;
  private whole: Extent = NOTHING;
  private showsAll = false;
  /** Whether the reader moved or zoomed: then new data leave the plane as it is. */
  private moved = false;

  space: Space;
  private unturned: Space;
  /** Three axes at once, and how they are turned; null: two. */
  private turning: (Turn & { third: number }) | null = null;
  /** The space before it is turned, and the box around its points, which does not turn. */
  private base: { space: Space; box: Solid['box']; axes: string } | undefined;
  /** What the dimensions that are not shown are held at, by the reader's choice; null: at the middle of the space. */
  held: Target | null = null;

  constructor(
    private data: LatentData,
    public axes: [number, number],
  ) {
    this.space = this.unturned = latentSpace(data);
    this.setData(data);
  }

  setData(data: LatentData): void {
    this.data = data;
    if (this.held && this.held.z.length !== data.d) this.held = null;
    this.setSpace(latentSpace(data), this.axes);
  }

  /** What the axes are of; keeps the part that is seen where the reader has moved it. */
  setSpace(space: Space, axes: [number, number]): void {
    if (space.kind !== this.unturned.kind) this.moved = false;
    this.unturned = space;
    const known = space.names.length;
    this.axes = Math.max(...axes) >= known || Math.min(...axes) < 0 ? [0, Math.min(1, known - 1)] : axes;
    this.space = this.turnedOf(space);
    this.coordinates = this.space.coordinates(this.axes);
    this.measure();
    if (!this.moved) this.refit();
  }

  /** Whether three axes can be shown at once. */
  get canTurn(): boolean {
    return this.unturned.rows !== undefined;
  }

  /** The third axis that is shown; null: two are. */
  get third(): number | null {
    return this.space.solid?.turned.axes[2] ?? null;
  }

  get turn(): (Turn & { third: number }) | null {
    return this.turning;
  }

  /** @param turning null: two axes */
  setTurn(turning: (Turn & { third: number }) | null): void {
    if ((turning === null) !== (this.turning === null)) this.moved = false;
    this.turning = turning;
    this.setSpace(this.unturned, this.axes);
  }

  /** By pixels that a hand moves: the points follow it. */
  turnBy(dx: number, dy: number): void {
    if (this.turning === null) return;
    const pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, this.turning.pitch + PER_PIXEL * dy));
    this.setTurn({ ...this.turning, yaw: this.turning.yaw + PER_PIXEL * dx, pitch });
  }

  private turnedOf(space: Space): Space {
    const { turning } = this;
    const parts = loadedTurning();
    if (turning === null || space.rows === undefined || parts === undefined) return space;
    const { width } = space.rows;
    const axes = [...this.axes, parts.thirdAxis(turning.third, width, this.axes)] as const;
    // The box of an earlier epoch is that of now.
    const isKnown = this.base?.axes === axes.join() && (this.base.space === space || space.isPast === true);
    if (!isKnown) this.base = { space, box: parts.boxOf(space, axes), axes: axes.join() };
    return parts.turnedSpace(space, axes, turning, this.base!.box);
  }

  setAxes(axes: [number, number]): void {
    this.moved = false;
    this.setSpace(this.space, axes);
  }

  setArea(area: Area): void {
    const known = this.plane;
    this.plane = known !== undefined && this.moved ? resized(known, area) : this.fitted(area);
  }

  /** Names of the two axes; the second is null when the latent space has one dimension. */
  get names(): readonly [string, string | null] {
    const [first, second] = this.axes;
    const { names } = this.space;
    return [names[first] ?? '', names.length > 1 ? (names[second] ?? '') : null];
  }

  get axisNames(): readonly string[] {
    const { shortNames, solid } = this.space;
    if (solid) return solid.turned.axes.map((axis) => shortNames[axis] ?? '');
    return (shortNames.length > 1 ? this.axes : this.axes.slice(0, 1)).map((axis) => shortNames[axis] ?? '');
  }

  /** What the dimensions that are not shown are held at. */
  get rest(): string {
    return this.held === null ? this.space.rest : `others as at ${targetName(this.held, this.data)}`;
  }

  /** @param all outliers too */
  fit(all = false): void {
    this.showsAll = all;
    this.refit();
  }

  pan(dx: number, dy: number): void {
    this.move((plane) => panned(plane, dx, dy));
  }

  /** Around a pixel; around the middle without one. */
  zoom(factor: { x: number; y: number }, at: Pixel | null): void {
    this.move((plane) => {
      const { left, top, width, height } = plane.area;
      const fitted = this.fitted(plane.area).unit;
      const within = (axis: 'x' | 'y') => {
        const wanted = Math.min(ZOOM.most, Math.max(ZOOM.least, (plane.unit[axis] * factor[axis]) / fitted[axis]));
        return (wanted * fitted[axis]) / plane.unit[axis];
      };
      const possible = { x: within('x'), y: within('y') };
      return zoomed(plane, possible, ...(at ?? ([left + width / 2, top + height / 2] as const)));
    });
  }

  centreOn(target: Target): void {
    this.move((plane) => centred(plane, ...this.placeOf(target)));
  }

  contains(at: Pixel): boolean {
    return this.plane !== undefined && inside(this.plane.area, ...at);
  }

  /** Where a target is on the screen; null when it is out of view. */
  pixelOf(target: Target): Pixel | null {
    if (this.plane === undefined) return null;
    const at = toPixel(this.plane, ...this.placeOf(target));
    return this.contains(at) ? at : null;
  }

  /** Where a way through latent points goes on the screen; empty if that is unknown. */
  pixelsOf(way: readonly ArrayLike<number>[]): Pixel[] {
    const places = way.map((z) => this.space.placeOf(z, this.axes));
    return places.every((place) => place !== null) ? places.map((place) => this.pixelAt(place as Place)) : [];
  }

  /** The visible point within reach of a pixel, or −1. */
  nearest(at: Pixel, reach: number, isHidden: (point: number) => boolean): number {
    return this.plane === undefined ? -1 : nearestPoint(this.coordinates, this.plane, ...at, reach, isHidden);
  }

  /** The nearest visible point on a way from a target (or from the middle), or −1. */
  neighbour(target: Target | null, way: Pixel, isHidden: (point: number) => boolean): number {
    const { plane } = this;
    if (plane === undefined) return -1;
    const from = target === null ? centreOf(plane) : this.placeOf(target);
    const isOther = (point: number) => isHidden(point) || point === target?.point;
    return neighbour(this.coordinates, plane, from, way, isOther);
  }

  /** A place in pixels in the plane's units. */
  unitsAt(at: Pixel): Pixel {
    return this.plane === undefined ? [NaN, NaN] : toLatent(this.plane, ...at);
  }

  /** A place in the plane's units in pixels, also out of view. */
  pixelAt(place: Pixel): Pixel {
    return this.plane === undefined ? [NaN, NaN] : toPixel(this.plane, ...place);
  }

  /** [n], 1 for the points that are seen. */
  inView(isHidden: (point: number) => boolean): Uint8Array {
    return Uint8Array.from({ length: this.data.n }, (_, k) => {
      const at = this.pixelAt([this.coordinates[2 * k]!, this.coordinates[2 * k + 1]!]);
      return this.contains(at) && !isHidden(k) ? 1 : 0;
    });
  }

  isFinite(point: number): boolean {
    return this.coordinates.subarray(2 * point, 2 * point + 2).every(Number.isFinite);
  }

  pointTarget(point: number): Target {
    return { z: this.space.zOf?.(point) ?? pointAt(this.data, point), point };
  }

  /** The place under a pixel; null if it stands for no latent point. */
  placeAt(at: Pixel): Target | null {
    return this.plane === undefined ? this.place([0, 0]) : this.place(toLatent(this.plane, ...at));
  }

  /** A place beside another (or beside the middle), in fortieths of the plane's width. */
  placeBeside(target: Target | null, dx: number, dy: number): Target | null {
    const { plane } = this;
    if (plane === undefined) return this.place([0, 0]);
    const { left, top, width, height } = plane.area;
    const [x, y] = target === null ? toLatent(plane, left + width / 2, top + height / 2) : this.placeOf(target);
    return this.place([x + (dx * width) / 40 / plane.unit.x, y + (dy * width) / 40 / plane.unit.y]);
  }

  private place(place: Place): Target | null {
    const z = this.space.latentAt(place, this.axes, this.held?.z ?? this.space.middle);
    return z && { z, point: null };
  }

  placeOf({ z, point }: Target): Pixel {
    if (point !== null) return [this.coordinates[2 * point] ?? NaN, this.coordinates[2 * point + 1] ?? NaN];
    return (this.space.placeOf(z, this.axes) as Place | null) ?? [NaN, NaN];
  }

  /** Its values on the axes that are shown, two or three. */
  valuesOf(target: Target): readonly number[] {
    const { solid } = this.space;
    if (!solid) return this.placeOf(target);
    const { axes } = solid.turned;
    if (target.point === null) return this.unturned.placeOf(target.z, axes) ?? [];
    const { values, width } = this.unturned.rows!;
    return axes.map((axis) => values[target.point! * width + axis]!);
  }

  private move(change: (plane: Plane) => Plane): void {
    if (this.plane === undefined) return;
    this.plane = change(this.plane);
    this.moved = true;
  }

  private measure(): void {
    const equal = this.space.isEqual;
    const all = this.space.extent?.(this.axes) ?? this.coordinates;
    this.core = extentOf(all, equal);
    this.whole = extentOf(all, equal, true);
    this.outliers = countOutside(this.coordinates, this.core);
  }

  private refit(): void {
    this.moved = false;
    if (this.plane !== undefined) this.plane = this.fitted(this.plane.area);
  }

  private fitted(area: Area): Plane {
    return fitPlane(this.showsAll ? this.whole : this.core, area, this.space.isEqual);
  }
}
