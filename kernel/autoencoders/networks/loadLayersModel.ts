import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { path as pathKind, takes } from '../arguments';

/** The files' manifest, as tfjs's converter and `model.save` write it. */
interface ModelJson {
  modelTopology?: object;
  format?: string;
  weightsManifest?: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
}

/**
 * Reads a Keras model from the files that `tensorflowjs_converter`, or `model.save` of tfjs, writes: `model.json` and
 * the weights beside it. As an encoder or decoder it trains further, unless you set `model.trainable = false`.
 *
 * @param path the path of `model.json`
 * @throws TypeError if the file is not a `model.json`; convert a `.h5` or `.keras` file first
 */
export async function loadLayersModel(path: string): Promise<tf.LayersModel> {
  takes('loadLayersModel', ['path', path, pathKind]);
  if (/\.(h5|hdf5|keras)$/i.test(path)) {
    const advice =
      'convert it with tensorflowjs_converter --input_format keras, and load the model.json that it writes';
    throw new TypeError(`loadLayersModel reads model.json and the weights beside it; found ${path}; ${advice}.`);
  }
  const json = JSON.parse(await readFile(path, 'utf8')) as ModelJson;
  if (!json.modelTopology || json.format === 'graph-model') {
    const found = json.format === 'graph-model' ? 'a graph model' : 'no "modelTopology"';
    throw new TypeError(`${path} is no model of layers: found ${found}.`);
  }
  const manifest = json.weightsManifest ?? [];
  const files = manifest.flatMap(({ paths }) => paths);
  const parts = await Promise.all(files.map((file) => readFile(join(dirname(path), file))));
  const weightData = Uint8Array.from(Buffer.concat(parts)).buffer;
  const weightSpecs = manifest.flatMap(({ weights }) => weights);
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology: json.modelTopology, weightSpecs, weightData }));
}
