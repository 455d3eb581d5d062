/** Points as discs, diamonds, squares and triangles with soft edges; colours are premultiplied by their opacity. */

export const VERTEX_SHADER = `#version 300 es
in vec2 position;
in vec4 colour;
in float shape;
uniform vec2 scale;
uniform vec2 offset;
uniform float radius;
out vec4 ink;
flat out float kind;
void main() {
  gl_Position = vec4(position * scale + offset, 0.0, 1.0);
  gl_PointSize = 2.0 * (radius * 1.3 + 1.0);
  ink = vec4(colour.rgb * colour.a, colour.a);
  kind = shape;
}`;

export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
in vec4 ink;
flat in float kind;
uniform float radius;
out vec4 pixel;
void main() {
  vec2 p = (gl_PointCoord - 0.5) * 2.0 * (radius * 1.3 + 1.0);
  float edge = length(p) - radius;
  if (kind > 2.5) edge = max(dot(vec2(abs(p.x), -p.y), vec2(0.873, 0.487)) - radius * 0.634, p.y - radius * 0.85);
  else if (kind > 1.5) edge = max(abs(p.x), abs(p.y)) - radius * 0.9;
  else if (kind > 0.5) edge = (abs(p.x) + abs(p.y) - radius * 1.3) * 0.7071;
  float cover = clamp(0.5 - edge, 0.0, 1.0);
  if (cover * ink.a <= 0.0) discard;
  pixel = ink * cover;
}`;
