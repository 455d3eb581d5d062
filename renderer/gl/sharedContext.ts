/**
 * Points by WebGL2 with one context for the whole page. A browser gives a page about sixteen contexts and takes the oldest away
 * after that; so every scatter is drawn here, one after the other, and copied at once into the scatter's own 2D canvas.
 * Only the points themselves stay on the GPU between drawings, and are sent again when a context was lost.
 */
import { Density } from './density';
import { PointBuffers } from './pointBuffers';
import type { Area, Mapping, PointBatch } from './points';
import { Program } from './program';
import { POINT_FRAGMENT, POINT_VERTEX } from './shaders';

type Listener = () => void;

/** Names of programs that stand in for a graphics card: Chromium's, Mesa's two, Windows'. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|basic render/i;

export class SharedGl {
  private readonly canvas = document.createElement('canvas');
  private readonly gl: WebGL2RenderingContext | null;
  private program: PointProgram | undefined;
  private readonly listeners = new Set<Listener>();
  private lost = false;
  /** Whether it is a program that draws, and no graphics card: what many points cost is then the processor's to save. */
  readonly isSoftware: boolean;

  constructor() {
    this.gl = this.canvas.getContext('webgl2', { antialias: false, depth: false, premultipliedAlpha: true });
    const info = this.gl?.getExtension('WEBGL_debug_renderer_info');
    this.isSoftware = info != null && SOFTWARE.test(String(this.gl?.getParameter(info.UNMASKED_RENDERER_WEBGL)));
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
   * @param most    how many points a screen pixel has where they crowd: then their density is drawn; 0: they do not
   * @throws Error when {@link unusable}, when the driver rejects the shaders, or cannot add up a density
   */
  draw(
    paper: CanvasRenderingContext2D,
    batch: PointBatch,
    mapping: Mapping,
    area: Area,
    density: number,
    most: number,
  ): void {
    const { gl } = this;
    if (gl === null || this.unusable !== null) throw new Error(this.unusable ?? 'this page gets no WebGL');
    const width = Math.round(area.width * density);
    const height = Math.round(area.height * density);
    if (width === 0 || height === 0) return;
    // Growing only: setting a size clears and reallocates.
    if (this.canvas.width < width) this.canvas.width = width;
    if (this.canvas.height < height) this.canvas.height = height;
    this.program ??= new PointProgram(gl);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.viewport(0, 0, width, height);
    this.program.draw(batch, mapping, area, density, most);
    const top = this.canvas.height - height;
    paper.drawImage(this.canvas, 0, top, width, height, area.left, area.top, area.width, area.height);
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

class PointProgram {
  readonly buffers: PointBuffers;
  private readonly marks: Program;
  private readonly density: Density | null;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.buffers = new PointBuffers(gl);
    this.marks = new Program(gl, POINT_VERTEX, POINT_FRAGMENT);
    this.density = Density.of(gl);
  }

  draw(batch: PointBatch, mapping: Mapping, area: Area, screen: number, most: number): void {
    const { gl, density } = this;
    if (most > 0) {
      if (density === null) throw new Error('this GPU cannot add half floats');
      const [width, height] = [Math.round(area.width * screen), Math.round(area.height * screen)];
      const sum = () => this.points(density.heap, batch, mapping, area, 0);
      density.draw(width, height, sum, batch.opacity, most);
      return;
    }
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.marks.use();
    this.points(this.marks, batch, mapping, area, batch.radius * screen);
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
