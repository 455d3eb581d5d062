import { existsSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../engine/packageRoot';
import { DataError } from './checkData';
import type { Dataset } from './dataset';
import { readIdxDataset } from './idx';

const CLASS_NAMES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/** Where Debian's package `dataset-fashion-mnist` puts the four files. */
const DEBIAN_FOLDER = '/usr/share/datasets/fashion-mnist';

/** Options of {@link fashionMnist}. */
export interface FashionMnistOptions {
  /** `test`: 10,000 images, part of LatentLab (default). `train`: the other 60,000. */
  set?: 'test' | 'train';
  /** Folder with the four original files; default: LatentLab's own for the test set, then Debian's package. */
  folder?: string;
}

/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): grey images of 28 × 28 in [0, 1] of ten kinds of clothing, with labels.
 *
 * @throws {DataError} when the files are not there; the message says how to get them
 */
export async function fashionMnist({ set = 'test', folder }: FashionMnistOptions = {}): Promise<Dataset> {
  if (set !== 'test' && set !== 'train') {
    throw new DataError(`fashionMnist: found set “${String(set)}”; expected “test” or “train”`);
  }
  const prefix = set === 'test' ? 't10k' : 'train';
  const folders = folder === undefined ? [path.join(packageRoot(), 'samples', 'data'), DEBIAN_FOLDER] : [folder];
  const candidates = folders.map((one) => path.join(one, `${prefix}-images-idx3-ubyte.gz`));
  const images = candidates.find((file) => existsSync(file));
  if (images === undefined) {
    const advice = 'on Debian and Ubuntu, `apt-get install dataset-fashion-mnist` provides all four files';
    throw new DataError(`Fashion-MNIST’s ${set} set: found no ${candidates.join(' and no ')}; ${advice}`);
  }
  return readIdxDataset(images, {
    name: `Fashion-MNIST, ${set} set`,
    labels: path.join(path.dirname(images), `${prefix}-labels-idx1-ubyte.gz`),
    classNames: CLASS_NAMES,
  });
}
