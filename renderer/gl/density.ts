/**
 * Where points crowd, how many there are in each pixel: they are summed up in a texture of half floats, each by its colour,
 * and shown in the mean of their colours, the darker the more of them. The scale is logarithmic, so that single points are
 * still seen beside thousands.
 */
import { Program } from './program';
import { DENSITY_FRAGMENT, HEAP_FRAGMENT, POINT_VERTEX, WHOLE_VERTEX } from './shaders';

export class Density {
  readonly heap: Program;
  private readonly shown: Program;
  private readonly frame: WebGLFramebuffer;
  private readonly texture: WebGLTexture;
  private readonly empty: WebGLVertexArrayObject;
  private size = [0, 0];

  /** @returns null if the GPU sums up no half floats */
  static of(gl: WebGL2RenderingContext): Density | null {
    const has = gl.getExtension('EXT_color_buffer_float') ?? gl.getExtension('EXT_color_buffer_half_float');
    return has === null ? null : new Density(gl);
  }

  private constructor(private readonly gl: WebGL2RenderingContext) {
    this.heap = new Program(gl, POINT_VERTEX, HEAP_FRAGMENT);
    this.shown = new Program(gl, WHOLE_VERTEX, DENSITY_FRAGMENT);
    this.frame = gl.createFramebuffer();
    this.texture = gl.createTexture();
    this.empty = gl.createVertexArray();
  }

  /**
   * @param sum  draws the points with {@link heap}, which is in use
   * @param one  what one point adds to the opacity of a pixel
   * @param most how many points a pixel has where they are most
   */
  draw(width: number, height: number, sum: () => void, one: number, most: number): void {
    const { gl } = this;
    this.resize(width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE);
    this.heap.use();
    sum();
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.disable(gl.BLEND);
    this.shown.use();
    this.shown.set('one', one);
    this.shown.set('most', Math.max(2, most));
    gl.bindVertexArray(this.empty);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  private resize(width: number, height: number): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    if (this.size[0] === width && this.size[1] === height) return;
    this.size = [width, height];
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA16F, width, height, 0, gl.RGBA, gl.HALF_FLOAT, null);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
  }
}
