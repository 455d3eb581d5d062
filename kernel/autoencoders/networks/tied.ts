/** A decoder with the kernels of an encoder, transposed. */
import { ConfigurationError } from '../config';
import { Part } from '../parts/part';
import { Sequential } from './layers/layers';
import { TiedDense } from './layers/tiedDense';
import { isDense } from './mlp';
import type { DenseNetwork } from './mlp';
import { widthOfRows } from './network';
import type { Network, NetworkPart } from './network';

/** Dense layers whose kernels belong to another network: h ← φ(h Wᵀ + b'), the last one linear; see {@link TiedDense}. */
class TiedNetwork extends Sequential implements DenseNetwork {
  constructor(readonly layers: readonly TiedDense[]) {
    super([...layers]);
  }
}

const MIRRORS = new WeakSet<object>();

/** Whether a part is the mirror of another network: {@link tiedTo} made it. */
export const isMirror = (part: object): boolean => MIRRORS.has(part);

/** Whether a network has the kernels of another. */
export function isTied(network: Network): boolean {
  return network instanceof TiedNetwork;
}

/**
 * The mirror of a network of dense layers: the same kernels, transposed, in reverse order, and its own biases. Classes
 * beside the codes are given to its first layer, which has its own kernel for them.
 *
 * @throws {ConfigurationError} when the encoder has other layers, or more than one number is needed for each value
 */
export function tiedTo(encoder: Network, owner: string): NetworkPart {
  if (!isDense(encoder)) {
    throw new ConfigurationError(owner, [
      '"tied" is true, and the encoder has layers that are not dense, and their kernels have no transpose to decode with; ' +
        'use an encoder mlp(…), or tied: false',
    ]);
  }
  const mirror = new Part(
    'network',
    null,
    {},
    {
      build({ name, from, to, perValue }) {
        if (perValue !== 1) {
          throw new ConfigurationError(owner, [
            `"tied" is true, and the loss needs ${perValue} numbers for each value, where the encoder took one; use tied: false`,
          ]);
        }
        const { layers } = encoder;
        const classes = widthOfRows(from) - layers.at(-1)!.kernel.shape[1]!;
        const mirrored = layers.toReversed().map(({ kernel }, i) => {
          const activation = layers[layers.length - 2 - i]?.activation ?? 'linear';
          const last = i === layers.length - 1 ? { width: widthOfRows(to) } : {};
          return new TiedDense({ name: `${name}.${i}`, kernel, activation, ...last, classes: i === 0 ? classes : 0 });
        });
        return new TiedNetwork(mirrored);
      },
    },
  ) as NetworkPart;
  MIRRORS.add(mirror);
  return mirror;
}
