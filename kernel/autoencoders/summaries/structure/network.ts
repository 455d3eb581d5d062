/** A single network as a graph: one box for each of its layers. */
import * as tf from '@tensorflow/tfjs';
import { found } from '../../arguments';
import { networkPart } from '../../networks/layersModel';
import type { Network, RowShape } from '../../networks/network';
import { Part } from '../../parts/part';
import { layerLines, sizeOf } from './layers';
import { sizes, type Structure, type StructureArrow, type StructurePart } from './structure';
import { spaced, words } from './words';

/** Between which rows a network stands that is a part alone. */
export interface NetworkEnds {
  /** The shape of one row that it takes: [784]. */
  from?: RowShape;
  /** The shape of one row that it gives: [20]. */
  to?: RowShape;
}

type Variables = Readonly<Record<string, tf.Variable>>;

/** More layers than these are drawn as one box for each block. */
const MOST = 14;

/** @throws TypeError for what is no network, and for a part without `from` and `to` */
export function networkStructure(given: unknown, { from, to }: NetworkEnds): Structure {
  if (given instanceof tf.LayersModel) return layersStructure(given);
  if (isNetwork(given)) return chain('network', blocksOf(given.parameters), from, to);
  if (!(given instanceof Part) || given.room !== 'network') {
    throw new TypeError(`diagram takes as "model" a model or a network; found ${found(given)}.`);
  }
  if (!from || !to) {
    const name = given.name ?? 'network';
    throw new TypeError(
      `diagram: the part "${name}" has no shapes; pass the shapes on both sides: ` +
        `diagram(${name}(…), { from: [784], to: [20] }).`,
    );
  }
  const built = networkPart(given).definition.build({ name: 'network', from, to, perValue: 1, seed: 0 });
  try {
    return chain(words(given.name ?? 'network'), blocksOf(built.parameters), from, to);
  } finally {
    tf.dispose([...Object.values(built.parameters), ...Object.values(built.state ?? {})]);
  }
}

function isNetwork(value: unknown): value is Network {
  const { parameters, apply } = (value ?? {}) as Partial<Network>;
  return typeof parameters === 'object' && typeof apply === 'function';
}

/** Parameters by the layer that has them, or by block where there are too many layers. */
function blocksOf(parameters: Variables): { title: string; variables: Variables }[] {
  const all = Object.entries(parameters);
  const parts = all.map(([name]) => name.split('.'));
  const isCommon = parts.length > 0 && parts.every(([first]) => first === parts[0]![0] && parts[0]!.length > 1);
  const stems = parts.map((names) => names.slice(isCommon ? 1 : 0, -1));
  for (let depth = Math.max(1, ...stems.map(({ length }) => length)); depth > 0; depth--) {
    const blocks = new Map<string, Record<string, tf.Variable>>();
    all.forEach(([name, variable], i) => {
      const title = stems[i]!.slice(0, depth).join(' ') || name;
      blocks.set(title, { ...blocks.get(title), [name]: variable });
    });
    if (blocks.size <= MOST || depth === 1) return [...blocks].map(([title, variables]) => ({ title, variables }));
  }
  return [];
}

function chain(
  name: string,
  blocks: readonly { title: string; variables: Variables }[],
  from: RowShape | undefined,
  to: RowShape | undefined,
): Structure {
  const end = (id: string, title: string, shape: RowShape | undefined): StructurePart[] =>
    shape ? [{ id, kind: 'data', title, lines: [sizes(shape)] }] : [];
  const layers = blocks.map(({ title, variables }, i): StructurePart => {
    const lines = layerLines(variables);
    const parameters = sizeOf(variables);
    const label = /^\d+$/.test(title) ? `layer ${Number(title) + 1}` : spaced(title);
    return { id: `layer ${i}`, kind: 'network', title: label, lines, parameters };
  });
  const parts = [...end('from', 'in', from), ...layers, ...end('to', 'out', to)];
  const parameters = layers.reduce((sum, layer) => sum + (layer.parameters ?? 0), 0);
  const arrows = parts.slice(1).map((part, i): StructureArrow => ({ from: parts[i]!.id, to: part.id, shape: '' }));
  return { name, parts, arrows, parameters, notes: [] };
}

/** As tfjs knows it: layers, and what each takes. */
function layersStructure(model: tf.LayersModel): Structure {
  const shapeOf = (shape: tf.Shape | tf.Shape[]) => [shape].flat(Array.isArray(shape[0]) ? 1 : 0) as tf.Shape;
  const inner = (shape: tf.Shape) => sizes(shape.slice(1).map((size) => size ?? 0));
  const ids = new Map(model.layers.map((layer, i) => [layer.name, `layer ${i}`]));
  const parts = model.layers.map((layer): StructurePart => {
    const kind = layer.getClassName();
    const { activation } = layer.getConfig() as { activation?: string };
    const parameters = layer.countParams();
    const output = inner(firstOf(shapeOf(layer.outputShape)));
    const isInput = kind === 'InputLayer';
    const told = activation && activation !== 'linear' ? `${kind}, ${activation}` : kind;
    return {
      ...{ id: ids.get(layer.name)!, kind: isInput ? 'data' : 'network', title: isInput ? 'in' : layer.name },
      lines: isInput ? [output] : [told, ...(layer.trainable || parameters === 0 ? [] : ['not trained'])],
      ...(parameters > 0 && { parameters }),
    };
  });
  const arrows = model.layers.flatMap((layer) =>
    layer.inboundNodes.flatMap(({ inboundLayers }) =>
      inboundLayers
        .filter((before) => ids.has(before.name))
        .map((before): StructureArrow => {
          const shape = inner(firstOf(shapeOf(before.outputShape)));
          return { from: ids.get(before.name)!, to: ids.get(layer.name)!, shape };
        }),
    ),
  );
  return { name: model.name, parts, arrows, parameters: model.countParams(), notes: [] };
}

function firstOf(shape: tf.Shape): tf.Shape {
  return (Array.isArray(shape[0]) ? shape[0] : shape) as tf.Shape;
}
