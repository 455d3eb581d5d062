/** Colours of a drawing as greys: categories by their own lightness, all others as light as they are. */
import { fromHex, hex, luminance, parseColour } from '../../colours';
import { CATEGORIES_ON_LIGHT } from '../../palette';

/** The darkest and the lightest category, as shares of white: both are seen on white, and apart from each other. */
const DARKEST = 0.05;
const LIGHTEST = 0.72;

const ATTRIBUTES = ['fill', 'stroke', 'stop-color'] as const;

/** Makes a drawing grey, in place. */
export async function makeGrey(drawing: SVGSVGElement): Promise<void> {
  const elements = [drawing, ...drawing.querySelectorAll<SVGElement>('*')];
  const greys = greysOf(elements);
  const grey = (colour: string): string | undefined => {
    const parsed = parseColour(colour);
    if (parsed === undefined) return undefined;
    return greys.get(hex(parsed.rgb)) ?? levelOf(luminance(parsed.rgb) ** (1 / 2.2));
  };
  for (const element of elements) {
    for (const name of ATTRIBUTES) {
      const attribute = element.getAttribute(name);
      const found = attribute === null || attribute === 'none' ? undefined : grey(attribute);
      if (found !== undefined) element.setAttribute(name, found);
      const style = element.style.getPropertyValue(name);
      const styled = style === '' || style === 'none' ? undefined : grey(style);
      if (styled !== undefined) element.style.setProperty(name, styled);
    }
  }
  const images = [...drawing.querySelectorAll<SVGImageElement>('image')];
  await Promise.all(images.map((image) => makeImageGrey(image)));
}

/** A grey for each category that is drawn, evenly from dark to light, in the order of the categories. */
function greysOf(elements: readonly SVGElement[]): Map<string, string> {
  const drawn = new Set(
    elements.flatMap((element) =>
      ATTRIBUTES.flatMap((name) => [element.getAttribute(name), element.style.getPropertyValue(name)]).flatMap(
        (colour) => (colour && parseColour(colour) ? hex(parseColour(colour)!.rgb) : []),
      ),
    ),
  );
  const used = CATEGORIES_ON_LIGHT.map((colour) => hex(fromHex(colour))).filter((colour) => drawn.has(colour));
  const step = (LIGHTEST - DARKEST) / Math.max(1, used.length - 1);
  return new Map(used.map((colour, i) => [colour, levelOf(DARKEST + i * step)]));
}

function levelOf(share: number): string {
  const level = Math.max(0, Math.min(1, share));
  return hex([level, level, level]);
}

async function makeImageGrey(image: SVGImageElement): Promise<void> {
  const picture = new Image();
  picture.src = image.getAttribute('href') ?? '';
  await picture.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser provides no 2D canvas');
  context.drawImage(picture, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const { data } = pixels;
  for (let i = 0; i < data.length; i += 4) {
    const level = Math.round(0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!);
    data[i] = data[i + 1] = data[i + 2] = level;
  }
  context.putImageData(pixels, 0, 0);
  image.setAttribute('href', canvas.toDataURL('image/png'));
}
