/** The batches of a training after its augmentations. */
import { ConfigurationError } from '../../../config';
import { checkRows, DataError } from '../../../data/checkData';
import { randomStream } from '../../../random';
import type { Samples, SampleShape } from '../../../samples';
import type { Accepted } from '../../loop/trainable';
import type { Batch, BatchSource, EpochBatches, EpochPlace } from '../batch';
import type { Augmentation, AugmentedResult } from './augmentation';

/**
 * A source whose batches have gone through all augmentations, in their order. Each draws from (seed, its name and
 * place, epoch, number of the batch), so that a training that continues sees the same batches as one that was never
 * stopped. What is looked at beside the steps, `some`, stays as it is.
 *
 * @throws {ConfigurationError} at the first that makes no sense for samples of this shape
 */
export function augmented(
  source: BatchSource,
  augmentations: readonly Augmentation[],
  accepted: Accepted,
): BatchSource {
  for (const { name, refuses } of augmentations) {
    const why = refuses?.(source.shape);
    if (why !== undefined) throw new ConfigurationError('fit', [`the augmentation "${name}": ${why}`]);
  }
  return augmentations.length === 0 ? source : new AugmentedBatches(source, augmentations, accepted);
}

class AugmentedBatches implements BatchSource {
  readonly name: string;
  readonly shape: SampleShape;
  readonly length: number;
  readonly batchSize?: number;
  readonly fingerprint: Readonly<Record<string, number | string>>;

  constructor(
    private readonly source: BatchSource,
    private readonly augmentations: readonly Augmentation[],
    private readonly accepted: Accepted,
  ) {
    const { name, shape, length, batchSize, fingerprint } = source;
    this.name = name;
    this.shape = shape;
    this.length = length;
    if (batchSize !== undefined) this.batchSize = batchSize;
    const augment = JSON.stringify(augmentations.map((one) => ({ name: one.name, ...one.options })));
    this.fingerprint = { ...fingerprint, augment };
  }

  epoch(place: EpochPlace): EpochBatches {
    const batches = this.source.epoch(place);
    let number = place.done;
    return { next: async () => this.after(await batches.next(), place, number++), close: () => batches.close() };
  }

  some(count: number, seed: number): Promise<Samples> {
    return this.source.some(count, seed);
  }

  /**
   * @throws {DataError} naming the augmentation when it gives another number of values or labels, or values that the model
   *   is not defined for
   */
  private async after(batch: Batch, { seed, epoch }: EpochPlace, number: number): Promise<Batch> {
    const { accepted, augmentations, shape } = this;
    let [values, labels] = [batch.values, batch.labels];
    for (const [i, { name, apply }] of augmentations.entries()) {
      const random = randomStream(seed, `augment/${i}/${name}/${epoch}`, number);
      const result = await apply({ values, labels, shape, support: accepted.support }, random);
      [values, labels] = checkedResult(name, result, { values, labels });
    }
    const names = augmentations.map(({ name }) => name).join(', ');
    const name = `A batch after the augmentation (${names})`;
    checkRows({ name, shape, width: values.length / batch.rows.length, values }, accepted);
    return { values, labels, rows: batch.rows };
  }
}

function checkedResult(
  name: string,
  result: AugmentedResult,
  before: { values: Float32Array; labels: Int32Array | null },
): [Float32Array, Int32Array | null] {
  const complain = (problem: string) => new DataError(`The augmentation "${name}" ${problem}`);
  const given = result instanceof Float32Array ? { values: result } : result;
  if (!(given?.values instanceof Float32Array)) {
    throw complain('gave no values; expected a Float32Array, or { values, labels } with one');
  }
  const { values, labels = before.labels } = given;
  if (values.length !== before.values.length) {
    throw complain(
      `gave ${values.length} values for ${before.values.length}; expected as many samples of the same width`,
    );
  }
  if (labels !== null && !(labels instanceof Int32Array)) throw complain('gave labels that are no Int32Array');
  if (labels && before.labels && labels.length !== before.labels.length) {
    throw complain(`gave ${labels.length} labels for ${before.labels.length}`);
  }
  return [values, labels];
}
