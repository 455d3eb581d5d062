export { Dataset } from './dataset';
export type { DatasetParts } from './parts';
export type { ConvertOptions, DataSource } from './convert';
export type { Standardization } from './standardization';
