/** What priors over maps of codes are configured by. */
import { z } from 'zod';
import { optimizerSchema } from '../../../engine/index';
import type { OptimizerName, OptimizerOptions } from '../../../engine/index';
import type { CodeMap } from '../../networks/causal/codeContext';
import { defaultSeed } from '../../random';
import type { SampleShape } from '../../samples';
import type { CheckedCommonConfig } from '../commonConfig';

/** The fields that priors over maps of codes share. */
export interface AutoregressiveConfig extends CodeMap {
  /** Maps of codes that are known before the first code, for example that of a level above. Default none. */
  conditions?: CodeMap[];
  /** Classes, when labels are known; data then have labels. Default 0: none. */
  classes?: number;
  /** C, the channels of the feature maps. */
  channels?: number;
  /** The seed of the first weights, and of trainings and samples that are given none. */
  seed?: number;
  /** The rule of the training steps. Default `adam`. */
  optimizer?: OptimizerName | OptimizerOptions;
}

export interface CheckedAutoregressiveConfig extends CheckedCommonConfig, CodeMap {
  conditions: CodeMap[];
  classes: number;
  channels: number;
}

const size = z.int().min(1);
const codeMap = { height: size, width: size, codebookSize: z.int().min(2) };

export const odd = size.refine((value) => value % 2 === 1, 'expected an odd number');

const fields = {
  ...codeMap,
  conditions: z.array(z.strictObject(codeMap)).readonly().default([]),
  classes: z.int().min(0).default(0),
  seed: z.int().default(defaultSeed),
  optimizer: optimizerSchema.prefault('adam'),
  // As checkpoints hold it.
  input: z.unknown().optional(),
};

/** The schema of a prior with these fields beside the common ones; `input`, the shape of its rows, follows from its maps. */
export function autoregressiveSchema<Own extends z.ZodRawShape>(own: Own) {
  const schema = z.strictObject({ ...fields, ...own });
  return schema.transform((config, context) => {
    const checked = config as typeof config & CodeMap & { conditions: CodeMap[]; input?: unknown };
    const input = rowShape([...checked.conditions, checked]);
    if (checked.input !== undefined && JSON.stringify(checked.input) !== JSON.stringify(input)) {
      const message = `allowed: only what follows from the maps, rows of ${input.features.length} codes`;
      context.addIssue({ code: 'custom', path: ['input'], message });
    }
    return { ...config, input } as typeof config & CheckedAutoregressiveConfig;
  });
}

/** The shape of the rows that {@link codesDataset} makes. */
function rowShape(maps: readonly CodeMap[]): SampleShape & { kind: 'vector' } {
  const width = maps.reduce((sum, map) => sum + map.height * map.width, 0);
  return { kind: 'vector', features: Array.from({ length: width }, (_, i) => `c${i + 1}`) };
}
