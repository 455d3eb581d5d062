/** What VQ-VAE-2 is configured by, and its levels. */
import { z } from 'zod';
import { conditioningFields } from '../../conditioning/fields';
import type { ConditioningConfig } from '../../conditioning/fields';
import { checkedConfig } from '../../config';
import { averagedCodebookFields, commitmentDefault } from '../../quantizers/config';
import { quantizerSchema } from '../../quantizers/ownQuantizer';
import type { QuantizerPart } from '../../quantizers/ownQuantizer';
import type { AveragedCodebookFields } from '../../quantizers/config';
import { gridResidualFields } from '../../networks/gridResidual';
import { widthOf } from '../../samples';
import { imageFields, tooSmall } from '../commonConfig';
import type { ImageConfig } from '../commonConfig';

/** The codebook's fields are those of each level. */
export interface VQVAE2Config extends ImageConfig, AveragedCodebookFields, ConditioningConfig {
  /** 2, `top` and `bottom`, or 3, with `middle` between them. Default 2. */
  levels?: 2 | 3;
  /** A quantizer of your own for each level, in place of the codebooks, whose fields say nothing then. */
  quantizer?: QuantizerPart | { name: string };
  /** C, of the maps that the residual blocks work on; even. Default 128. */
  channels?: number;
  /** In each network. Default 2. */
  residualBlocks?: number;
  /** Channels inside a block. Default 32. */
  residualChannels?: number;
}

/** A level of a {@link VQVAE2}: its grid of codes and its quantizer. */
export type Level = 'top' | 'middle' | 'bottom';

/** What there is for each level. */
export type ByLevel<T> = Partial<Record<Level, T>> & { top: T; bottom: T };

const schema = z
  .strictObject({
    ...imageFields,
    levels: z.union([z.literal(2), z.literal(3)], { error: 'allowed: 2, 3' }).default(2),
    ...gridResidualFields,
    ...averagedCodebookFields,
    quantizer: quantizerSchema().optional(),
    ...conditioningFields,
  })
  .superRefine(({ input, levels }, context) => tooSmall(input, levels + 1, context))
  .transform((config) => {
    const { codebookSize, dimensions } = config.quantizer?.definition ?? {};
    const own = codebookSize === undefined ? {} : { codebookSize, codeDimension: dimensions! };
    const commitment = config.commitment ?? commitmentDefault(widthOf(config.input), config.codeDimension);
    return { ...config, ...own, commitment };
  });

export type CheckedVQVAE2Config = z.output<typeof schema>;

/** @throws {ConfigurationError} naming every field that is wrong */
export function checkedVQVAE2Config(given: VQVAE2Config): CheckedVQVAE2Config {
  return checkedConfig('VQVAE2', schema, given);
}

/** From the top, whose codes are chosen first. */
export function levelsOf({ levels }: CheckedVQVAE2Config): readonly Level[] {
  return levels === 2 ? ['top', 'bottom'] : ['top', 'middle', 'bottom'];
}

export function byLevel<T>(levels: readonly Level[], f: (index: number) => T): ByLevel<T> {
  return Object.fromEntries(levels.map((level, l) => [level, f(l)])) as ByLevel<T>;
}
