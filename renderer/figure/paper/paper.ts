/** A figure's drawing as a file for a paper: its size in millimetres, its font inside, in colour or in grey. */
import { svg } from '../../dom';
import type { SvgImage } from '../save';
import { FAMILY, fontRules, hasGlyph, toBase64 } from './fonts';
import { makeGrey } from './grey';
import type { PaperOptions } from './options';

export { loadFont } from './fonts';
export { PaperPanel } from './panel';

/** Whether this is the script of the HTML report, which stays small: it writes SVG alone. */
declare const LATENTLAB_IN_REPORT: boolean;

export interface PaperFile {
  mime: string;
  /** Base64. */
  content: string;
  /** Letters that the embedded font has no glyph for; each once. */
  missing: string[];
}

/** @throws Error when the drawing is no SVG, or the browser cannot read its pictures */
export async function paperFile(image: SvgImage, { format, widthMm, colours }: PaperOptions): Promise<PaperFile> {
  const drawing = parsed(image.markup);
  const heightMm = (widthMm * image.height) / image.width;
  drawing.setAttribute('viewBox', `0 0 ${image.width} ${image.height}`);
  if (colours === 'grey') await makeGrey(drawing);
  inOneFont(drawing);
  withPlainLetters(drawing);
  const missing = [...new Set(drawing.textContent ?? '')].filter((letter) => !hasGlyph(letter));
  if (!LATENTLAB_IN_REPORT && format === 'pdf') {
    const { pdfOf } = await import('./pdf');
    return { mime: 'application/pdf', content: await pdfOf(drawing, { widthMm, heightMm }), missing };
  }
  drawing.setAttribute('width', `${round(widthMm)}mm`);
  drawing.setAttribute('height', `${round(heightMm)}mm`);
  drawing.prepend(svg('style', {}, fontRules()));
  const text = new XMLSerializer().serializeToString(drawing);
  return { mime: 'image/svg+xml', content: toBase64(new TextEncoder().encode(text)), missing };
}

function parsed(markup: string): SVGSVGElement {
  const { documentElement } = new DOMParser().parseFromString(markup, 'image/svg+xml');
  if (documentElement instanceof SVGSVGElement) return documentElement;
  throw new Error('the drawing is no SVG');
}

/** All text in the embedded font, in the two weights that it has. */
function inOneFont(drawing: SVGSVGElement): void {
  drawing.setAttribute('font-family', FAMILY);
  for (const element of drawing.querySelectorAll<SVGElement>('[font-family], [font-weight], [style*="font"]')) {
    if (element.hasAttribute('font-family')) element.setAttribute('font-family', FAMILY);
    if (element.style.fontFamily !== '') element.style.fontFamily = FAMILY;
    const weight = element.style.fontWeight || element.getAttribute('font-weight');
    if (weight) element.setAttribute('font-weight', weightOf(weight));
    if (element.style.fontWeight !== '') element.style.fontWeight = weightOf(weight!);
    // There is no face that is both.
    if (weight && weightOf(weight) === '700' && element.getAttribute('font-style') === 'italic')
      element.removeAttribute('font-style');
  }
}

/** Letters of formulas beyond 16 bits (𝔼, 𝒩, 𝐱), for which TrueType has no place, as the letters that they are of. */
function withPlainLetters(drawing: SVGSVGElement): void {
  const walker = document.createTreeWalker(drawing, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue ?? '';
    if (/[\u{1d400}-\u{1d7ff}]/u.test(text)) node.nodeValue = text.normalize('NFKC');
  }
}

function weightOf(weight: string): string {
  return weight === 'bold' || weight === 'bolder' || Number(weight) >= 550 ? '700' : '400';
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
