/** A drawing as a PDF: vectors stay vectors, text stays text, the glyphs that are used are inside. */
import bold from 'figure-font:DejaVuSansCondensed-Bold.ttf';
import oblique from 'figure-font:DejaVuSansCondensed-Oblique.ttf';
import regular from 'figure-font:DejaVuSansCondensed.ttf';
import { jsPDF } from 'jspdf';
import 'svg2pdf.js';
import { FAMILY, toBase64 } from './fonts';

/** The faces of {@link FAMILY}, as PDF holds them. */
const FACES = [
  { name: 'normal', file: 'regular.ttf', font: regular },
  { name: 'bold', file: 'bold.ttf', font: bold },
  { name: 'italic', file: 'oblique.ttf', font: oblique },
] as const;

/** @returns the file, base64 */
export async function pdfOf(
  drawing: SVGSVGElement,
  { widthMm, heightMm }: { widthMm: number; heightMm: number },
): Promise<string> {
  const pdf = new jsPDF({
    unit: 'mm',
    format: [widthMm, heightMm],
    orientation: widthMm > heightMm ? 'landscape' : 'portrait',
    compress: true,
    putOnlyUsedFonts: true,
  });
  for (const { file, font, name } of FACES) {
    pdf.addFileToVFS(file, toBase64(font));
    pdf.addFont(file, FAMILY, name);
  }
  // It measures text in the page.
  const room = document.createElement('div');
  Object.assign(room.style, { position: 'fixed', left: '-100000px', top: '0' });
  room.append(drawing);
  document.body.append(room);
  try {
    await pdf.svg(drawing, { x: 0, y: 0, width: widthMm, height: heightMm });
  } finally {
    room.remove();
  }
  const [, content = ''] = pdf.output('datauristring').split('base64,');
  return content;
}
