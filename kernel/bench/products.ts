/** Matrix products alone, in ONNX Runtime: the limit that a step cannot go below without other arithmetic. */
import { Graph } from '../engine/lower/onnx/graph';
import { hostTensor, Session } from '../engine/runtimes/onnx/session';
import type { MatrixProduct } from './workloads';

/**
 * All products, one after the other, each of two contiguous matrices: the arrangement that suits it best, whatever a
 * training step would have to transpose. Matrices of equal shape are one, and nothing is allocated.
 */
export function productsPass(products: readonly MatrixProduct[], threads: number): () => number {
  const graph = new Graph('cpu');
  const matrices: Record<string, ReturnType<typeof matrix>> = {};
  const results: Record<string, ReturnType<typeof matrix>> = {};
  const input = (rows: number, columns: number): string => {
    const name = `matrix_${rows}_${columns}`;
    if (!matrices[name]) graph.input(name, 'float32', [rows, columns]);
    matrices[name] ??= matrix(rows, columns);
    return name;
  };
  products.forEach(({ m, k, n }, i) => {
    const name = `product_${i}`;
    graph.named(graph.op('MatMul', [input(m, k), input(k, n)]), name);
    graph.output(name, 'float32', [m, n]);
    results[name] = matrix(m, n);
  });
  const session = new Session(graph.model('products'), { provider: 'cpu', threads });
  return () => {
    session.run(matrices, results);
    return 1;
  };
}

/** Smooth values of order 1, since tiny ones would take longer. */
function matrix(rows: number, columns: number) {
  const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i + 1));
  return hostTensor(values, 'float32', [rows, columns]);
}
