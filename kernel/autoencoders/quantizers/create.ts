import type { SampleShape } from '../samples';
import { codebookOf } from './config';
import type { CheckedQuantized } from './config';
import { FiniteScalarQuantizer } from './finiteScalarQuantizer';
import { LookupFreeQuantizer } from './lookupFreeQuantizer';
import type { Quantizer } from './quantizer';
import { Part } from '../parts/part';
import { OwnQuantizer } from './ownQuantizer';
import { VectorQuantizer } from './vectorQuantizer';

/** The quantizer that a model's configuration describes. */
export function createQuantizer(config: CheckedQuantized & { seed: number; input: SampleShape }): Quantizer {
  const { quantizer, seed } = config;
  if (quantizer instanceof Part) return new OwnQuantizer(quantizer, { seed, name: 'quantizer' });
  switch (quantizer.kind) {
    case 'vector':
      return new VectorQuantizer({ ...codebookOf(config), ...quantizer, seed });
    case 'finiteScalar':
      return new FiniteScalarQuantizer(quantizer.levels);
    case 'lookupFree':
      return new LookupFreeQuantizer({ ...quantizer, commitment: codebookOf(config).commitment });
  }
}
