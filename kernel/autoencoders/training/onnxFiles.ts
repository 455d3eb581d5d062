/**
 * Models for other programs: a folder with `encoder.onnx`, `decoder.onnx` and `model.onnx`, from rows to reconstructed
 * rows. The number of rows is free.
 */
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import { toOnnx } from '../../engine/index';
import { shapeText, widthOf } from '../samples';
import type { SampleShape } from '../samples';
import { writeAllWhole } from '../../files/writeWhole';
import { intoFolder, removeFiles } from './folders';
import type { FolderKind } from './folders';

type Tensors = Record<string, tf.Tensor>;

/** What of a model is exported. */
export interface Exported {
  readonly name: string;
  readonly inputShape: SampleShape;
  readonly latentDimensions: number;
  /** From x [n, d]: the latents `z` [n, k] and what else the encoder knows. */
  encoderOutputs(x: tf.Tensor2D): Tensors & { z: tf.Tensor };
  /** From z [n, k]: `xHat` [n, d]. */
  decoderOutputs(z: tf.Tensor2D): Tensors & { xHat: tf.Tensor };
}

const FILES = ['encoder.onnx', 'decoder.onnx', 'model.onnx'];

/**
 * @throws {CheckpointError} when something else lies at the path
 * @throws {ExportError} when a network cannot be written for any number of rows
 */
export async function saveOnnx(model: Exported, path: string): Promise<void> {
  const { name, inputShape, latentDimensions: k } = model;
  const d = widthOf(inputShape);
  const rows = `x: [n, ${d}], a row for each ${shapeText(inputShape)}`;
  const x = { x: { row: [d], dtype: 'float32' } } as const;
  const z = { z: { row: [k], dtype: 'float32' } } as const;
  const encode = (tensors: Readonly<Tensors>) => model.encoderOutputs(tensors['x'] as tf.Tensor2D);
  const decode = (latents: tf.Tensor) => model.decoderOutputs(latents as tf.Tensor2D);
  const contents = [
    toOnnx({ name: 'encoder', documentation: `${name}: encoder. ${rows}.`, inputs: x, run: encode }),
    toOnnx({
      name: 'decoder',
      documentation: `${name}: decoder. z: [n, ${k}].`,
      inputs: z,
      run: (tensors) => decode(tensors['z']!),
    }),
    toOnnx({
      name: 'model',
      documentation: `${name}: reconstruction. ${rows}.`,
      inputs: x,
      run: (tensors) => {
        const outputs = encode(tensors);
        return { ...outputs, ...decode(outputs.z) };
      },
    }),
  ];
  const kind: FolderKind = { what: 'folder of ONNX files', isOwn: (file) => FILES.includes(file) };
  await intoFolder(path, kind, async (_, before) => {
    await writeAllWhole(FILES.map((file, i) => [join(path, file), contents[i]!]));
    await removeFiles(
      path,
      before.filter((file) => !FILES.includes(file)),
    );
  });
}
