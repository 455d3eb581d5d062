/**
 * Points by WebGL2 with one context for the whole page. A browser gives a page about sixteen contexts and takes the oldest away
 * after that; so every scatter is drawn here, one after the other, and copied at once into the scatter's own 2D canvas.
 * Only the points themselves stay on the GPU between drawings, and are sent again when a context was lost.
 */
import { pointsPerPixel } from './crowd';
import { Density } from './density';
import { PointBuffers } from './pointBuffers';
import type { Area, Mapping, PointBatch } from './points';
import { Program } from './program';
import { POINT_FRAGMENT, POINT_VERTEX } from './shaders';

type Listener = () => void;

export class SharedGl {
  private readonly canvas = document.createElement('canvas');
  private readonly gl: WebGL2RenderingContext | null;
  private program: PointProgram | undefined;
  private readonly listeners = new Set<Listener>();
  private lost = false;

  constructor() {
    this.gl = this.canvas.getContext('webgl2', { antialias: false, depth: false, premultipliedAlpha: true });
    this.canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      this.lost = true;
      this.program = undefined;
      this.tell();
    });
    this.canvas.addEventListener('webglcontextrestored', () => {
      this.lost = false;
      this.tell();
    });
  }

  /** Why points cannot be drawn here now, or null. */
  get unusable(): string | null {
    if (this.gl === null) return 'this page gets no WebGL';
    return this.lost || this.gl.isContextLost() ? 'the graphics context was lost' : null;
  }

  /** Hears when the context is lost or restored. */
  subscribe(listener: Listener): Listener {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Draws points into an area of a 2D canvas.
   * @param paper   has CSS pixels as its unit
   * @param density screen pixels per CSS pixel
   * @returns whether the points crowd, so that their density is drawn
   * @throws Error when {@link unusable}, or when the driver rejects the shaders
   */
  draw(paper: CanvasRenderingContext2D, batch: PointBatch, mapping: Mapping, area: Area, density: number): boolean {
    const { gl } = this;
    if (gl === null || this.unusable !== null) throw new Error(this.unusable ?? 'this page gets no WebGL');
    const width = Math.round(area.width * density);
    const height = Math.round(area.height * density);
    if (width === 0 || height === 0) return false;
    // Growing only: setting a size clears and reallocates.
    if (this.canvas.width < width) this.canvas.width = width;
    if (this.canvas.height < height) this.canvas.height = height;
    this.program ??= new PointProgram(gl);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.viewport(0, 0, width, height);
    const isDensity = this.program.draw(batch, mapping, area, density);
    const top = this.canvas.height - height;
    paper.drawImage(this.canvas, 0, top, width, height, area.left, area.top, area.width, area.height);
    return isDensity;
  }

  /** A batch is drawn no more. */
  release(batch: PointBatch): void {
    this.program?.buffers.release(batch);
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

let shared: SharedGl | undefined;

/** The page's one context, made when it is first asked for. */
export function sharedGl(): SharedGl {
  return (shared ??= new SharedGl());
}

/** Marks that lie over each other so often, where they are most, are one blob. */
const BLOB = 6;
/** Fewer points are few enough to be seen, however they lie. */
const CROWD = 50_000;

class PointProgram {
  readonly buffers: PointBuffers;
  private readonly marks: Program;
  private readonly density: Density | null;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.buffers = new PointBuffers(gl);
    this.marks = new Program(gl, POINT_VERTEX, POINT_FRAGMENT);
    this.density = Density.of(gl);
  }

  /** @returns whether the density is drawn */
  draw(batch: PointBatch, mapping: Mapping, area: Area, screen: number): boolean {
    const { gl, density } = this;
    const n = batch.positions.length / 2;
    const most = n > CROWD ? pointsPerPixel(batch.crowd(), mapping) : 0;
    if (density && most * Math.PI * batch.radius ** 2 > BLOB) {
      const [width, height] = [Math.round(area.width * screen), Math.round(area.height * screen)];
      const sum = () => this.points(density.heap, batch, mapping, area, 0);
      density.draw(width, height, sum, batch.opacity, most / screen ** 2);
      return true;
    }
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.marks.use();
    this.points(this.marks, batch, mapping, area, batch.radius * screen);
    return false;
  }

  private points(program: Program, batch: PointBatch, { unit, origin }: Mapping, area: Area, radius: number): void {
    this.buffers.bind(batch);
    program.set('scale', (2 * unit.x) / area.width, (2 * unit.y) / area.height);
    const x = (2 * (origin.x - area.left)) / area.width - 1;
    const y = 1 - (2 * (origin.y - area.top)) / area.height;
    program.set('offset', x, y);
    program.set('radius', radius);
    this.gl.drawArrays(this.gl.POINTS, 0, batch.positions.length / 2);
    this.gl.bindVertexArray(null);
  }
}
