/** Compiled programs are kept from one process to the next. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Client } from '../../../../../kernel/engine/runtimes/pjrt/client';
import { Plugin } from '../../../../../kernel/engine/runtimes/pjrt/plugin';
import { compiled, compiledNow } from '../../../../../kernel/engine/runtimes/xla/compiled';
import { PLUGIN, sayWithoutPlugin } from '../../xlaPlugin';

sayWithoutPlugin('compiled programs of XLA');

/** Doubles a number, and has its name in the text: each test compiles its own program. */
const doubled = (name: string) => `module @${name} {
  func.func public @main(%arg0: tensor<2xf32>) -> (tensor<2xf32>) {
    %0 = "stablehlo.add"(%arg0, %arg0) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    "func.return"(%0) : (tensor<2xf32>) -> ()
  }
}
`;
const TYPE = { shape: [2], dtype: 'float32' } as const;

describe.skipIf(!PLUGIN)('a compiled program', () => {
  const cache = mkdtempSync(path.join(tmpdir(), 'latentlab-xla-'));
  const folder = path.join(cache, 'xla-programs');
  let client: Client;

  beforeAll(async () => {
    vi.stubEnv('LATENTLAB_CACHE', cache);
    client = await Client.create(Plugin.load(PLUGIN!));
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    client.dispose();
    rmSync(cache, { recursive: true });
  });

  async function run(name: string, now = false): Promise<number[]> {
    const source = { text: doubled(name), results: [TYPE] };
    const executable = now ? compiledNow(client, source) : await compiled(client, source);
    const given = client.upload(Float32Array.of(3, -1), TYPE);
    const [result] = await executable.execute([given]);
    const found = [...(await result!.read())];
    [given, result!, executable].forEach((one) => one.dispose());
    return found;
  }

  it('is loaded from the cache the second time', async () => {
    const compile = vi.spyOn(client, 'compile');
    expect(await run('kept')).toEqual([6, -2]);
    expect(await run('kept')).toEqual([6, -2]);
    expect(compile).toHaveBeenCalledTimes(1);
    compile.mockRestore();
    const compileNow = vi.spyOn(client, 'compileNow');
    expect(await run('kept', true)).toEqual([6, -2]);
    expect(compileNow).not.toHaveBeenCalled();
    expect(await run('new', true)).toEqual([6, -2]);
    expect(await run('new', true)).toEqual([6, -2]);
    expect(compileNow).toHaveBeenCalledTimes(1);
    compileNow.mockRestore();
  });

  it('is compiled again where its file is cut short or has been changed', async () => {
    const before = new Set(readdirSync(folder));
    await run('damaged');
    const file = path.join(
      folder,
      readdirSync(folder).find((name) => !before.has(name))!,
    );
    const whole = readFileSync(file);
    const changed = Buffer.from(whole);
    changed[whole.length >> 1]! ^= 255;
    for (const damage of [whole.subarray(0, whole.length - 40), changed, Buffer.alloc(0)]) {
      writeFileSync(file, damage);
      expect(await run('damaged')).toEqual([6, -2]);
      expect(readFileSync(file).length).toBeGreaterThan(whole.length / 2);
    }
  });

  it('is compiled again under other flags of XLA', async () => {
    const compile = vi.spyOn(client, 'compile');
    await run('flagged');
    vi.stubEnv('XLA_FLAGS', '--xla_cpu_prefer_vector_width=512');
    await run('flagged');
    expect(compile).toHaveBeenCalledTimes(2);
    compile.mockRestore();
    vi.stubEnv('XLA_FLAGS', undefined);
  });

  it('is compiled where there is no room for a cache', async () => {
    writeFileSync(path.join(cache, 'in-the-way'), '');
    vi.stubEnv('LATENTLAB_CACHE', path.join(cache, 'in-the-way'));
    expect(await run('uncached')).toEqual([6, -2]);
    vi.stubEnv('LATENTLAB_CACHE', cache);
  });
});
