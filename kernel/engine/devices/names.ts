/** What users call the rungs of the device ladder, best first. */
export const RUNG_NAMES = [
  ...(['tfjs-node-gpu', 'xla-cuda', 'xla-rocm', 'xla-metal', 'xla-intel', 'traced-webgpu', 'traced-cpu'] as const),
  ...(['xla-cpu', 'tfjs-node', 'webgpu', 'wasm', 'cpu'] as const),
] as const;

export type RungName = (typeof RUNG_NAMES)[number];

/** What a user may ask for. */
export const DEVICE_NAMES: readonly string[] = ['auto', ...RUNG_NAMES];

/** Rungs for GPUs. */
export const GPU_RUNG_NAMES: readonly RungName[] = [
  ...(['tfjs-node-gpu', 'xla-cuda', 'xla-rocm', 'xla-metal', 'xla-intel', 'traced-webgpu', 'webgpu'] as const),
];
