/** Models for other programs: a folder of ONNX files, each a function of rows. The number of rows is free. */
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import { toOnnx } from '../../../engine/index';
import type { OnnxFunction } from '../../../engine/index';
import { writeAllWhole } from '../../../files/writeWhole';
import { intoFolder, removeFiles } from './folders';
import type { FolderKind } from './folders';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** A function of a model, as a separate file. */
export interface ExportedFunction {
  /** What it is and what its outputs are, for the file. */
  documentation: string;
  /** Shape of one row of each input, float32. */
  inputs: Readonly<Record<string, readonly number[]>>;
  run(tensors: Tensors): Record<string, tf.Tensor>;
}

/** By the names of their files, without `.onnx`. */
export type ExportedFunctions = Readonly<Record<string, ExportedFunction>>;

/**
 * @throws {CheckpointError} when something else lies at the path, or it cannot be written
 * @throws {ExportError} when a network cannot be traced, or not be written for any number of rows
 */
export async function saveOnnx(name: string, functions: ExportedFunctions, path: string): Promise<void> {
  const contents = Object.entries(functions).map(([file, { documentation, inputs, run }]) => {
    const rows = Object.entries(inputs).map(([input, row]) => [input, { row, dtype: 'float32' }] as const);
    const stated: OnnxFunction = {
      name: file,
      documentation: `${name}: ${documentation}`,
      inputs: Object.fromEntries(rows),
      run,
    };
    return [`${file}.onnx`, toOnnx(stated)] as const;
  });
  const files: string[] = contents.map(([file]) => file);
  const kind: FolderKind = { what: 'folder of ONNX files', isOwn: (file) => files.includes(file) };
  await intoFolder(path, kind, async (_, before) => {
    await writeAllWhole(contents.map(([file, bytes]) => [join(path, file), bytes]));
    await removeFiles(
      path,
      before.filter((file) => !files.includes(file)),
    );
  });
}
