/** The process in which a plugin is tried, for as long as the ladder has no rung for it: `xlaProbe.js xla-cpu`. */
import type { Proof } from '../../engine/devices/proof';
import { xlaPlugin, type XlaPlatform } from '../../engine/devices/xla/plugins';
import { Client } from '../../engine/runtimes/pjrt/client';
import { Plugin } from '../../engine/runtimes/pjrt/plugin';

const N = 64;
const MATRIX = `tensor<${N}x${N}xf32>`;
const NUMBERS = '#stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>';
const PRODUCT = `module @product {
  func.func public @main(%arg0: ${MATRIX}) -> (${MATRIX}) {
    %0 = "stablehlo.dot_general"(%arg0, %arg0) {dot_dimension_numbers = ${NUMBERS}} : (${MATRIX}, ${MATRIX}) -> ${MATRIX}
    "func.return"(%0) : (${MATRIX}) -> ()
  }
}`;

process.send?.(await proof(process.argv[2]!.replace('xla-', '') as XlaPlatform), () => process.exit(0));

/** The product of a matrix with itself, compared with its definition in float64. */
async function proof(platform: XlaPlatform): Promise<Proof> {
  try {
    const plugin = Plugin.load(xlaPlugin(platform)!.library);
    const client = await Client.create(plugin);
    const type = { shape: [N, N], dtype: 'float32' } as const;
    const x = Float32Array.from({ length: N * N }, (_, i) => Math.sin(0.7 * (i + 1)));
    const product = await client.compile(PRODUCT, [type]);
    const [result] = await product.execute([client.upload(x, type)]);
    const found = await result!.read();
    let error = 0;
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < N; j++) {
        let expected = 0;
        for (let k = 0; k < N; k++) expected += x[i * N + k]! * x[k * N + j]!;
        error = Math.max(error, Math.abs(found[i * N + j]! - expected));
      }
    }
    if (!(error < 0.02)) return { usable: false, reason: `its product of matrices is off by ${error}` };
    const description = `${client.devices[0]!.name}, XLA (PJRT ${plugin.version})`;
    return { usable: true, description, precision: 'float32' };
  } catch (error) {
    return { usable: false, reason: (error as Error).message.trim().split('\n')[0]!.replace(/\.$/, '') };
  }
}
