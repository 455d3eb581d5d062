/** MathML from plain data: elements and attributes of presentation MathML alone, so that no other markup gets in. */
import type { MathElement } from '../../../kernel/views/types';

const NAMESPACE = 'http://www.w3.org/1998/Math/MathML';

const ELEMENTS = new Set(
  'math mrow mi mn mo mtext ms mspace mfrac msqrt mroot msup msub msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd mstyle mpadded mphantom menclose'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'mathvariant stretchy symmetric fence separator lspace rspace accent accentunder largeop movablelimits minsize maxsize width height depth linethickness displaystyle scriptlevel columnalign columnspacing rowspacing form'.split(
    ' ',
  ),
);

export function mathElement({ tag, attributes = {}, children }: MathElement): Element {
  const element = document.createElementNS(NAMESPACE, ELEMENTS.has(tag) ? tag : 'mrow');
  for (const [name, value] of Object.entries(attributes)) {
    if (ATTRIBUTES.has(name)) element.setAttribute(name, value);
  }
  element.append(...children.map((child) => (typeof child === 'string' ? child : mathElement(child))));
  return element;
}
