/** Everything that is verified, in the order of the table. */
import { adversarial } from './adversarial';
import { applications } from './applications';
import { autoencoders } from './autoencoders';
import { autoregressive } from './autoregressive';
import { classical } from './classical';
import { disentanglement } from './disentanglement';
import { estimators } from './estimators';
import { hierarchical } from './hierarchical';
import { quantized } from './quantized';
import { temporal } from './temporal';
import { variational } from './variational';
import type { Verification } from './verification';

export const verifications: readonly Verification[] = [
  ...estimators,
  ...classical,
  ...autoencoders,
  ...variational,
  ...disentanglement,
  ...quantized,
  ...autoregressive,
  ...hierarchical,
  ...temporal,
  ...adversarial,
  ...applications,
];
