/** Matrix products. */
import type { Activation } from '../common/activation';
import { range } from '../../ops/range';
import { equationOf, type Transposes } from '../../ops/products';
import { listed } from '../../ops/rule';
import { sizeOf, wider, type TensorType } from '../../ops/types';
import { activated } from './activation';
import type { Body, Operand } from './body';
import { lowering, type Lowerings } from './lowering';

interface Factors {
  a: unknown;
  b: unknown;
}

export const PRODUCTS: Lowerings = {
  BatchMatMul: lowering<Factors, Transposes>((body, { a, b }, transposes, output) =>
    product(body, a, b, transposes, output),
  ),
  _FusedMatMul: lowering<Factors & { bias?: unknown; preluActivationWeights?: unknown }, Transposes & Activation>(
    (body, { a, b, bias, preluActivationWeights }, attrs, output) => {
      const y = product(body, a, b, attrs, output);
      const biased = bias ? body.each('add', y, body.as(bias, output.dtype)) : y;
      return activated(body, biased, attrs, preluActivationWeights);
    },
  ),
  Einsum: {
    write(body, inputs, attrs, [output]) {
      const computed = wider(output!.dtype, 'int32');
      const operands = listed(inputs).map((operand) => body.as(operand, computed));
      return [body.as(einsum(body, operands, equationOf(attrs)), output!.dtype)];
    },
  },
};

function product(body: Body, a: Operand, b: Operand, transposes: Transposes, output: TensorType): Operand {
  const computed = wider(output.dtype, 'int32');
  const [left, right] = [body.as(a, computed), body.as(b, computed)];
  return body.as(batched(body, left, right, transposes, output.shape.slice(0, -2)), output.dtype);
}

/** Matrix by matrix; where b is one matrix, all rows of a at once. */
function batched(
  body: Body,
  a: Operand,
  b: Operand,
  { transposeA, transposeB }: Transposes,
  batch: readonly number[],
): Operand {
  const [innerA, innerB] = [transposeA ? -2 : -1, transposeB ? -1 : -2];
  const matrix = (x: Operand, outer: readonly number[]) => body.broadcast(x, [...outer, ...x.shape.slice(-2)]);
  const one = sizeOf({ shape: b.shape.slice(0, -2) }) === 1;
  const left = matrix(a, batch);
  const right = one ? body.reshape(b, b.shape.slice(-2)) : matrix(b, batch);
  const over = [[left.shape.length + innerA], [right.shape.length + innerB]] as const;
  const axes = range(0, one ? 0 : batch.length);
  return body.dot(left, right, { batch: [axes, axes], over });
}

// --- Einstein's convention ----------------------------------------------------------------------------------------

/** A factor whose axes have letters. */
interface Labelled {
  readonly x: Operand;
  readonly labels: readonly string[];
}

/** One product after another, each summing over what neither a later factor nor the result names. */
function einsum(body: Body, operands: readonly Operand[], equation: string): Operand {
  const [left, result] = equation.split('->') as [string, string];
  const factors: readonly Labelled[] = left.split(',').map((labels, i) => ({ x: operands[i]!, labels: [...labels] }));
  const all = factors.reduce((a, b, i) => {
    const later = new Set([...result, ...factors.slice(i + 1).flatMap(({ labels }) => labels)]);
    return contracted(
      body,
      summed(body, a, new Set([...later, ...b.labels])),
      summed(body, b, new Set([...later, ...a.labels])),
      later,
    );
  });
  const { x, labels } = summed(body, all, new Set(result));
  return body.transpose(
    x,
    [...result].map((label) => labels.indexOf(label)),
  );
}

/** Without the axes that nobody needs. */
function summed(body: Body, { x, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axes = range(0, labels.length).filter((axis) => !needed.has(labels[axis]!));
  if (axes.length === 0) return { x, labels };
  return { x: body.reduce(x, axes, 'add', 0), labels: labels.filter((label) => needed.has(label)) };
}

function contracted(body: Body, a: Labelled, b: Labelled, needed: ReadonlySet<string>): Labelled {
  const common = a.labels.filter((label) => b.labels.includes(label));
  const [batch, over] = [common.filter((label) => needed.has(label)), common.filter((label) => !needed.has(label))];
  const axesOf = (of: readonly string[]) =>
    [a, b].map(({ labels }) => of.map((label) => labels.indexOf(label))) as [number[], number[]];
  const x = body.dot(a.x, b.x, { batch: axesOf(batch), over: axesOf(over) });
  const own = ({ labels }: Labelled) => labels.filter((label) => !common.includes(label));
  return { x, labels: [...batch, ...own(a), ...own(b)] };
}
