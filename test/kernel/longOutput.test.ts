import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutputAssembler } from '../../kernel/notebook/outputs';
import type { CodeCell } from '../../kernel/notebook/format';
import type { Stream } from '../../kernel/protocol';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;
beforeAll(async () => {
  kernel = await KernelUnderTest.start();
});
afterAll(() => kernel.stop());

/** The outputs of the cell as the executed notebook has them, and the pieces that they came in. */
async function outputsOf(code: string, settled = Promise.resolve<unknown>(undefined)) {
  const cell = {
    cell_type: 'code',
    outputs: [],
    metadata: {},
    source: '',
    execution_count: null,
  } as unknown as CodeCell;
  const { id, finished } = kernel.begin(code);
  const { duration } = await finished;
  await settled;
  const assembler = new OutputAssembler();
  assembler.start(id, cell);
  const pieces = kernel.messages.filter((one): one is Stream => one.type === 'stream' && one.id === id);
  for (const piece of pieces) assembler.stream(piece);
  const outputs = cell.outputs.map((output) => (output.output_type === 'stream' ? [output.name, [output.text].flat().join('')] : [])); // prettier-ignore
  const { file } = pieces.findLast(({ end }) => end)?.end ?? {};
  return { outputs: outputs as [string, string][], pieces, file, duration };
}

describe('a cell that prints very much', () => {
  it('of 100,000 lines ends, and its output holds the beginning and the end', async () => {
    await kernel.run('for (let i = 0; i < 1000; i++) console.log(i)');
    const { outputs, pieces, duration } = await outputsOf('for (let i = 0; i < 100_000; i++) console.log(i)');
    expect(outputs).toHaveLength(1);
    const [name, text] = outputs[0]!;
    expect(name).toBe('stdout');
    expect(text).toMatch(/^0\n1\n2\n[^]*\n… [\d,]+ lines \(\d+ kB\) left out here …\n\n[^]*\n99998\n99999\n$/);
    expect(text.length).toBeLessThan(530_000);
    // The first lines at once, and then a piece in five milliseconds at most, however long a busy machine takes.
    expect(pieces.length).toBeLessThan(60 + duration / 5);
  });

  it('has all of it in a file that nobody else can read, stdout and stderr in their order', async () => {
    const { outputs, file } = await outputsOf(
      "for (let i = 0; i < 50_000; i++) { console.log('a line of stdout', i); console.error('and one of stderr', i); }",
    );
    const all = Array.from({ length: 50_000 }, (_, i) => `a line of stdout ${i}\nand one of stderr ${i}\n`).join('');
    expect(readFileSync(file!, 'utf8') === all).toBe(true);
    expect(statSync(file!).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file!)).mode & 0o777).toBe(0o700);
    for (const stream of ['stdout', 'stderr']) {
      const own = outputs.filter(([name]) => name === stream).map(([, text]) => text).join(''); // prettier-ignore
      expect(own).toMatch(new RegExp(`${stream} 0\\n[^]* left out here …[^]* ${stream} 49999\\n$`));
      expect(own.length).toBeLessThan(530_000);
    }
  });

  it('shows its end meanwhile', async () => {
    const { id, finished } = kernel.begin(
      "const line = 'x'.repeat(99); let go = true; for (let i = 0; go; i++) { console.log(line); if (i % 5000 === 0) await new Promise((r) => setTimeout(r, 50)); }",
    );
    await kernel.next('stream', (message) => message.id === id && message.end !== undefined);
    const seen = kernel.messages.filter((one) => one.type === 'stream' && one.id === id && one.end).length;
    await kernel.next('stream', (one) => one.id === id && one.end !== undefined && kernel.messages.indexOf(one) > 0);
    kernel.client.interrupt();
    await finished;
    const ends = kernel.messages.filter((one): one is Stream => one.type === 'stream' && one.id === id && !!one.end);
    expect(ends.length).toBeGreaterThan(seen);
    for (const { text } of ends.slice(0, -1)) expect(text.length).toBeLessThan(17_000);
  });

  it('goes on with its end when it prints after it has ended', async () => {
    const marker = kernel.next('stream', ({ text, end }) => end !== undefined && text.endsWith('late\n'));
    const { outputs } = await outputsOf(
      "for (let i = 0; i < 100_000; i++) console.log('early', i); setTimeout(() => console.log('late'), 50); 0",
      marker,
    );
    expect(outputs.map(([, text]) => text).join('')).toMatch(/early 99999\nlate\n\[after the cell had ended\]\n$/);
  });

  it('leaves no file where little was printed, and none when the kernel has gone', async () => {
    // Where no other kernel has its files.
    const place = mkdtempSync(path.join(tmpdir(), 'latentlab-long-'));
    const own = await KernelUnderTest.start({ env: { TMPDIR: place } });
    const folders = () => readdirSync(place).filter((name) => name.startsWith('latentlab-output-'));
    await own.run("for (let i = 0; i < 100; i++) console.log('little')");
    expect(folders()).toEqual([]);
    const { id, finished } = own.begin('for (let i = 0; i < 100_000; i++) console.log(i)');
    await finished;
    const { end } = own.messages.findLast((one): one is Stream => one.type === 'stream' && one.id === id)!;
    expect(existsSync(end!.file!)).toBe(true);
    expect(folders()).toEqual([path.basename(path.dirname(end!.file!))]);
    await own.stop();
    expect(folders()).toEqual([]);
    rmSync(place, { recursive: true });
  });
});
