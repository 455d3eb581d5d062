export { streamIdx, type IdxStreamOptions } from './idx';
export { streamImageFolder } from './imageFolder';
export { streamNpy, streamNpz, type NpzOptions } from './npy';
export { streamSafetensors, type SafetensorsOptions } from './safetensors';
export { streamWav, type WavOptions } from './wav';
