/** Shaders, linked. */
import { ATTRIBUTES } from './pointBuffers';

export class Program {
  private readonly program: WebGLProgram;
  private readonly places = new Map<string, WebGLUniformLocation | null>();

  /** @throws Error when the driver rejects the shaders */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    vertex: string,
    fragment: string,
  ) {
    this.program = link(gl, vertex, fragment);
  }

  use(): void {
    this.gl.useProgram(this.program);
  }

  /** A uniform of one or two numbers. */
  set(name: string, ...value: [number] | [number, number]): void {
    if (!this.places.has(name)) this.places.set(name, this.gl.getUniformLocation(this.program, name));
    const place = this.places.get(name) ?? null;
    if (value.length === 1) this.gl.uniform1f(place, value[0]);
    else this.gl.uniform2f(place, ...value);
  }
}

function link(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) throw new Error('the graphics context was lost');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  ATTRIBUTES.forEach((name, i) => gl.bindAttribLocation(program, i, name));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`the driver rejects the shaders: ${gl.getProgramInfoLog(program) ?? 'no reason given'}`);
  }
  return program;
}
