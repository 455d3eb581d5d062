/** A step with its optimizer as one graph: of a single step, or of a series in a loop. */
import { Graph, type Edge, type Target } from '../../lower/onnx/graph';
import { lower } from '../../lower/onnx/lower';
import type { Program, Value } from '../../trace/program';
import type { TracedUpdate } from '../../trace/traceStep';

/** Inputs and outputs are named as in the program. */
export function singleGraph({ program }: TracedUpdate, target: Target): Uint8Array {
  const graph = new Graph(target);
  const edges = inputsOf(
    graph,
    program,
    program.inputs.map(({ name }) => name),
  );
  for (const [name, edge] of Object.entries(lower(graph, program, edges))) {
    const { dtype, shape } = program.outputs[name]!;
    graph.named(edge, name);
    graph.output(name, dtype, shape);
  }
  return graph.model('training step');
}

/** The number of steps: an int64 scalar beside the inputs of {@link seriesGraph}. */
export const COUNT = 'count';

/**
 * Several steps as one loop, which weights do not leave. What differs from step to step (batch, noise, weights of terms,
 * the optimizer's scalars) has a first axis of steps; so have losses and `gradientNorm`. A step that is not finite ends
 * the loop: its losses are the last, and what it would have changed stays.
 */
export function seriesGraph({ program, carried }: TracedUpdate, target: Target): Uint8Array {
  const graph = new Graph(target);
  const names = Object.keys(carried);
  const perStep = program.inputs.filter(({ kind, name }) => kind === 'argument' && !(name in carried));
  const readOnly = program.inputs.filter(({ kind, name }) => kind === 'variable' && !(name in carried));
  for (const { name, value } of perStep) graph.input(name, value.dtype, ['steps', ...value.shape]);
  inputsOf(
    graph,
    program,
    readOnly.map(({ name }) => name),
  );
  for (const name of names) graph.input(name, carried[name]!.dtype, carried[name]!.shape);
  const count = graph.input(COUNT, 'int64', []);

  const body = new Graph(target, 'step/');
  const iteration = body.input('step/iteration', 'int64', []);
  body.input('step/go', 'bool', []);
  const edges = new Map<Value, Edge>();
  for (const { name, value } of program.inputs) {
    if (name in carried) continue;
    // Values of the graph around the loop have their names in it.
    edges.set(
      value,
      perStep.some((input) => input.name === name) ? body.op('Gather', [name, iteration], { axis: 0 }) : name,
    );
  }
  const before = new Map(
    names.map((name) => [name, body.input(`before/${name}`, carried[name]!.dtype, carried[name]!.shape)]),
  );
  for (const { name, value } of program.inputs) if (name in carried) edges.set(value, before.get(name)!);
  const results = lower(body, program, edges);

  const finite = [results['loss/total']!, results['gradientNorm']!]
    .map((edge) => body.op('Less', [body.op('Abs', [edge]), body.scalar(Infinity)]))
    .reduce((a, b) => body.op('And', [a, b]));
  body.named(finite, 'step/finite');
  body.output('step/finite', 'bool', []);
  for (const name of names) {
    body.named(body.op('Where', [finite, results[`next/${name}`]!, before.get(name)!]), `after/${name}`);
    body.output(`after/${name}`, carried[name]!.dtype, carried[name]!.shape);
  }
  const readings = Object.keys(program.outputs).filter((name) => !name.startsWith('next/'));
  for (const name of readings) {
    body.named(results[name]!, `of/${name}`);
    body.output(`of/${name}`, 'float32', []);
  }

  const outputs = graph.ops('Loop', [count, graph.scalar(1, 'bool'), ...names], names.length + readings.length, {
    body,
  });
  names.forEach((name, i) => {
    graph.named(outputs[i]!, `next/${name}`);
    graph.output(`next/${name}`, carried[name]!.dtype, carried[name]!.shape);
  });
  readings.forEach((name, i) => {
    graph.named(outputs[names.length + i]!, name);
    graph.output(name, 'float32', ['done']);
  });
  return graph.model('training steps');
}

function inputsOf(graph: Graph, { inputs }: Program, names: readonly string[]): Map<Value, Edge> {
  const edges = new Map<Value, Edge>();
  for (const { name, value } of inputs) {
    if (names.includes(name)) edges.set(value, graph.input(name, value.dtype, value.shape));
  }
  return edges;
}
