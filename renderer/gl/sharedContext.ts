/**
 * Points by WebGL2 with one context for the whole page. A browser gives a page about sixteen contexts and takes the oldest away
 * after that; so every scatter is drawn here, one after the other, and copied at once into the scatter's own 2D canvas.
 * Nothing of a scatter stays on the GPU between drawings, which also makes a lost context harmless.
 */
import type { Area, Mapping, PointBatch } from './points';
import { FRAGMENT_SHADER, VERTEX_SHADER } from './shaders';

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
   * @throws Error when {@link unusable}, or when the driver rejects the shaders
   */
  draw(paper: CanvasRenderingContext2D, batch: PointBatch, mapping: Mapping, area: Area, density: number): void {
    const { gl } = this;
    if (gl === null || this.unusable !== null) throw new Error(this.unusable ?? 'this page gets no WebGL');
    const width = Math.round(area.width * density);
    const height = Math.round(area.height * density);
    if (width === 0 || height === 0) return;
    // Growing only: setting a size clears and reallocates.
    if (this.canvas.width < width) this.canvas.width = width;
    if (this.canvas.height < height) this.canvas.height = height;
    this.program ??= new PointProgram(gl);
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.program.draw(batch, mapping, area, density);
    const top = this.canvas.height - height;
    paper.drawImage(this.canvas, 0, top, width, height, area.left, area.top, area.width, area.height);
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
  private readonly program: WebGLProgram;
  private readonly buffers: { positions: WebGLBuffer; colours: WebGLBuffer; shapes: WebGLBuffer };

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = link(gl);
    this.buffers = { positions: gl.createBuffer(), colours: gl.createBuffer(), shapes: gl.createBuffer() };
  }

  draw({ positions, colours, shapes, radius }: PointBatch, mapping: Mapping, area: Area, density: number): void {
    const { gl, program, buffers } = this;
    gl.useProgram(program);
    this.attribute('position', buffers.positions, positions, 2, gl.FLOAT, false);
    this.attribute('colour', buffers.colours, colours, 4, gl.UNSIGNED_BYTE, true);
    this.attribute('shape', buffers.shapes, shapes, 1, gl.UNSIGNED_BYTE, false);
    const { unit, origin } = mapping;
    gl.uniform2f(gl.getUniformLocation(program, 'scale'), (2 * unit.x) / area.width, (2 * unit.y) / area.height);
    const x = (2 * (origin.x - area.left)) / area.width - 1;
    const y = 1 - (2 * (origin.y - area.top)) / area.height;
    gl.uniform2f(gl.getUniformLocation(program, 'offset'), x, y);
    gl.uniform1f(gl.getUniformLocation(program, 'radius'), radius * density);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawArrays(gl.POINTS, 0, positions.length / 2);
  }

  private attribute(
    name: string,
    buffer: WebGLBuffer,
    data: Float32Array | Uint8Array,
    size: number,
    type: number,
    normalized: boolean,
  ): void {
    const { gl } = this;
    const location = gl.getAttribLocation(this.program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STREAM_DRAW);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, type, normalized, 0, 0);
  }
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX_SHADER],
    [gl.FRAGMENT_SHADER, FRAGMENT_SHADER],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) throw new Error('the graphics context was lost');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`the driver rejects the shaders: ${gl.getProgramInfoLog(program) ?? 'no reason given'}`);
  }
  return program;
}
