export type { ConvertOptions, DataSource, ShapedNumbers } from './convert';
export { parseCsv, readCsv, type CsvOptions } from './csv';
export { Dataset } from './dataset';
export { fashionMnist, type FashionMnistOptions } from './fashionMnist';
export { readIdx, readIdxDataset, type IdxArray, type IdxDatasetOptions, type IdxType } from './idx';
export { readImageFolder, type ImageFolderOptions } from './imageFolder';
export { parseJson, readJson, type JsonOptions } from './json';
export { loadData, type LoadOptions } from './load';
export { movingDigits, type MovingDigitsOptions } from './movingDigits';
export { readNpy, type NpyOptions } from './npy';
export type { DatasetParts } from './parts';
export {
  gaussianMixtureData,
  twoMoons,
  type GaussianMixtureDataOptions,
  type TwoMoonsOptions,
} from './planar';
export { Sprites, sprites, type SpritesOptions } from './sprites';
export { SPRITE_SHAPES, type SpriteShape } from './spriteShapes';
export type { Standardization } from './standardization';
export * from './streaming/index';
