/**
 * The backend that tfjs's own tests are run on: the lowerings, computed by ONNX Runtime on the CPU, or by an XLA plugin
 * where the last argument names its file.
 */
import { LOWERINGS as ONNX } from '../../kernel/engine/lower/onnx/table';
import { LOWERINGS as STABLEHLO } from '../../kernel/engine/lower/stablehlo/table';
import { computeOnCpu } from '../../kernel/engine/runtimes/onnx/programCache';
import { Client } from '../../kernel/engine/runtimes/pjrt/client';
import { CompiledProgram } from '../../kernel/engine/runtimes/pjrt/compute';
import { Plugin } from '../../kernel/engine/runtimes/pjrt/plugin';
import { ProgramCache } from '../../kernel/engine/runtimes/programCache';
import { registerLazyBackend, type Compute } from '../../kernel/engine/trace/lazyBackend';

const [, , , plugin] = process.argv.slice(2);

registerLazyBackend(plugin ? await onXla(plugin) : (program, inputs) => computeOnCpu(program, inputs, 1));

export const subject = { backend: 'lowered', kernels: new Set(Object.keys(plugin ? STABLEHLO : ONNX)) };

async function onXla(file: string): Promise<Compute> {
  const client = await Client.create(Plugin.load(file));
  const compiled = new ProgramCache<CompiledProgram>();
  return (program, inputs) => compiled.get(program, (one) => CompiledProgram.compileNow(client, one)).runNow(inputs);
}
