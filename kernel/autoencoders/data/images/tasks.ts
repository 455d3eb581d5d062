/** What is done with images in separate threads; see `apart`. */
import { DataError } from '../checkData';
import { resize, withChannels, type Image } from '../resize';
import { centred, type Fit, type Size } from './fitting';
import { decodeImage, natureOf, sizeOf, type Nature, type Reading } from './decodeImage';

export interface ImagesInput extends Reading {
  files: string[];
  /** [height, width] that each is brought to. */
  size?: Size;
  /** How. Default `resize`. */
  fit?: Fit;
  /** The value of pixels that are added. Default 0. */
  fill?: number;
  /** Default: those of the first. */
  channels?: 1 | 3;
  /** An image that all have to be as large as, where no size is given. Default: the first. */
  like?: Sized;
}

export interface Sized {
  file: string;
  height: number;
  width: number;
}

export interface ImagesResult extends Sized {
  channels: 1 | 3;
  /** [files, height, width, channels] in [0, 1] */
  values: Float32Array;
}

export interface NaturesInput extends Reading {
  files: string[];
  ask: { mask: boolean; colour: boolean };
}

export const imageTasks = {
  async images({
    files,
    size,
    fit = 'resize',
    fill = 0,
    channels,
    like,
    ...reading
  }: ImagesInput): Promise<ImagesResult> {
    let result: ImagesResult | undefined;
    for (const [i, file] of files.entries()) {
      const decoded = await decodeImage(file, reading);
      const brought = (to: Size) => (fit === 'resize' ? resize(decoded, ...to) : centred(decoded, to, fill));
      const image = size ? brought(size) : decoded;
      result ??= emptyFor(
        like ?? { file, height: image.height, width: image.width },
        channels ?? image.channels,
        files,
      );
      requireSameSize(result, { file, image });
      result.values.set(withChannels(image, result.channels).pixels, (i * result.values.length) / files.length);
    }
    return result!;
  },

  /** Height and width of each. */
  async imageSizes({ files, ...reading }: Reading & { files: string[] }): Promise<Size[]> {
    const sizes: Size[] = [];
    for (const file of files) sizes.push(await sizeOf(file, reading));
    return sizes;
  },

  /** Whether one of the images is coloured, and whether all are masks. */
  async imageNatures({ files, ask, ...reading }: NaturesInput): Promise<Nature> {
    const found: Nature = { coloured: false, mask: true };
    for (const file of files) {
      const nature = await natureOf(file, reading, { mask: ask.mask && found.mask });
      found.coloured ||= nature.coloured;
      found.mask &&= nature.mask;
      if (!(ask.mask && found.mask) && !(ask.colour && !found.coloured)) break;
    }
    return found;
  },
};

function emptyFor(like: Sized, channels: 1 | 3, files: string[]): ImagesResult {
  return { ...like, channels, values: new Float32Array(files.length * like.height * like.width * channels) };
}

/** @throws {DataError} naming both files when their sizes differ */
function requireSameSize(like: Sized, { file, image }: { file: string; image: Image }): void {
  if (like.height === image.height && like.width === image.width) return;
  const text = ({ height, width }: { height: number; width: number }): string => `${height} × ${width}`;
  throw new DataError(
    `${file} is ${text(image)} (height × width), ${like.file} is ${text(like)}; pass { size: [height, width] } to bring all to one size, { fit: 'crop' } to cut them to the smallest height and width, or { fit: 'pad' } to pad them to the largest`,
  );
}
