/** Points as discs, diamonds, squares and triangles with soft edges; colours are premultiplied by their opacity. */
import { FAINTEST } from '../../kernel/figures/scatter/crowd';

export const POINT_VERTEX = `#version 300 es
in vec2 position;
in vec4 colour;
in float shape;
uniform vec2 scale;
uniform vec2 offset;
uniform float radius;
out vec4 ink;
flat out float kind;
flat out float reach;
void main() {
  gl_Position = vec4(position * scale + offset, 0.0, 1.0);
  // What is hidden lies nowhere.
  if (colour.a == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  // A disc needs the room of its soft edge and no more: pixels that stay empty cost as much as others.
  reach = radius == 0.0 ? 0.5 : (shape > 0.5 ? radius * 1.3 + 1.0 : radius + 0.5);
  gl_PointSize = 2.0 * reach;
  ink = vec4(colour.rgb * colour.a, colour.a);
  kind = shape;
}`;

export const POINT_FRAGMENT = `#version 300 es
precision highp float;
in vec4 ink;
flat in float kind;
flat in float reach;
uniform float radius;
out vec4 pixel;
void main() {
  vec2 p = (gl_PointCoord - 0.5) * 2.0 * reach;
  float edge = length(p) - radius;
  if (kind > 2.5) edge = max(dot(vec2(abs(p.x), -p.y), vec2(0.873, 0.487)) - radius * 0.634, p.y - radius * 0.85);
  else if (kind > 1.5) edge = max(abs(p.x), abs(p.y)) - radius * 0.9;
  else if (kind > 0.5) edge = (abs(p.x) + abs(p.y) - radius * 1.3) * 0.7071;
  float cover = clamp(0.5 - edge, 0.0, 1.0);
  if (cover * ink.a <= 0.0) discard;
  pixel = ink * cover;
}`;

/** A point is one pixel, and what lies there is added up. */
export const HEAP_FRAGMENT = `#version 300 es
precision highp float;
in vec4 ink;
out vec4 pixel;
void main() {
  pixel = ink;
}`;

/** One triangle that covers everything. */
export const WHOLE_VERTEX = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

export const DENSITY_FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D heap;
uniform float one;
uniform float most;
out vec4 pixel;
const float FAINTEST = ${FAINTEST};
void main() {
  vec4 sum = texelFetch(heap, ivec2(gl_FragCoord.xy), 0);
  if (sum.a <= 0.0) discard;
  float count = sum.a / one;
  float tone = log(1.0 + count) / log(1.0 + most);
  float cover = min(1.0, count) * clamp(mix(FAINTEST, 1.0, tone), 0.0, 1.0);
  pixel = vec4(sum.rgb / sum.a * cover, cover);
}`;
