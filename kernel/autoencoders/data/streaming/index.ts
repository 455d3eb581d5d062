export { streamIdx, type IdxOptions } from './idx';
export { streamImageFolder, type ImageFolderOptions } from './imageFolder';
export { streamNpy, streamNpz, type NpyOptions, type NpzOptions } from './npy';
export { streamSafetensors, type SafetensorsOptions } from './safetensors';
export { streamWav, type WavOptions } from './wav';
