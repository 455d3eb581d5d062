export { AnomalyDetector, anomalyScores } from './anomalies';
export type { AnomalyScore, AnomalyScoreOptions, DetectorOptions } from './anomalies';
export { inpaint } from './inpainting';
export type { InpaintingOptions } from './inpainting';
export { interpolate, lerp, slerp, swapLatents, traverse } from './latentPaths';
export type { LatentSpace } from './latentPaths';
export { linearProbe } from './linearProbe';
export type { LinearProbeOptions, LinearProbeResult, Representation } from './linearProbe';
