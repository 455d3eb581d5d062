import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LockError, takeLock, underLock } from '../../../kernel/files/lock';
import { temporaryFolder } from '../autoencoders/training/support';

const path = temporaryFolder();

const AT_ONCE = { patience: 0 };

/** A lock as another process leaves it. @returns its file */
async function leave(place: string, holder: { process: number; host?: string; since?: number }): Promise<string> {
  await rm(place, { recursive: true, force: true });
  await mkdir(place);
  const file = join(place, 'theirs.json');
  await writeFile(file, JSON.stringify({ host: hostname(), since: Date.now(), token: 'theirs', ...holder }));
  return file;
}

/** A process that lives until the test is over. */
async function living(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  onTestFinished(async () => {
    child.kill();
    await once(child, 'exit');
  });
  return child.pid!;
}

describe('a lock', () => {
  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await stat(path('.'));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 12 }, () => underLock(path('turns'), 'it', work)));
    expect({ most, inside }).toEqual({ most: 1, inside: 0 });
    expect(await readdir(path('.'))).not.toContain('turns');
  });

  it('says who holds it, and since when', async () => {
    const since = new Date(2026, 10, 28, 6, 30, 12);
    const other = await living();
    await leave(path('held'), { process: other, since: since.getTime() });
    const refused = takeLock(path('held'), 'the checkpoint /data/model', AT_ONCE);
    await expect(refused).rejects.toThrow(LockError);
    await expect(refused).rejects.toThrow(
      `Process ${other} has been writing the checkpoint /data/model since 2026-11-28 06:30:12. ` +
        'Wait for it to end, or give another name.',
    );
    const own = await takeLock(path('own'), 'the log', AT_ONCE);
    await expect(takeLock(path('own'), 'the log', AT_ONCE)).rejects.toThrow(
      /^This process has been writing the log since/,
    );
    await own.release();
  });

  it('of a process that is gone is taken over', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    await leave(path('gone'), { process: pid });
    const lock = await takeLock(path('gone'), 'it', AT_ONCE);
    const [name] = await readdir(path('gone'));
    expect(JSON.parse(await readFile(path(`gone/${name}`), 'utf8'))).toMatchObject({ process: process.pid });
    await lock.release();
    expect((await readdir(path('.'))).filter((name) => name.startsWith('gone'))).toEqual([]);
  });

  it('of a predecessor that had the same process id is taken over, as in containers', async () => {
    await leave(path('predecessor'), { process: process.pid, since: Date.now() - 1000 * process.uptime() - 60_000 });
    await (await takeLock(path('predecessor'), 'it', AT_ONCE)).release();
  });

  it('of another machine is kept while it is touched, and taken over ten minutes later', async () => {
    const file = await leave(path('elsewhere'), { process: 1, host: 'another' });
    await expect(takeLock(path('elsewhere'), 'it', AT_ONCE)).rejects.toThrow(
      `if it has ended, delete ${path('elsewhere')}.`,
    );
    const past = new Date(Date.now() - 601_000);
    await utimes(file, past, past);
    await (await takeLock(path('elsewhere'), 'it', AT_ONCE)).release();
  });

  it('that says nothing is waited for, then taken over; one that was half given up is free', async () => {
    const file = await leave(path('half'), { process: 1 });
    await writeFile(file, '{"proc');
    await expect(takeLock(path('half'), 'it', AT_ONCE)).rejects.toThrow('Another program is writing it.');
    const past = new Date(Date.now() - 601_000);
    await utimes(file, past, past);
    await (await takeLock(path('half'), 'it', AT_ONCE)).release();
    await mkdir(path('half'));
    await (await takeLock(path('half'), 'it', AT_ONCE)).release();
    expect((await readdir(path('.'))).filter((name) => name.startsWith('half'))).toEqual([]);
  });

  it('is none where a file is in its place', async () => {
    await writeFile(path('file'), '');
    await expect(takeLock(path('file'), 'it', AT_ONCE)).rejects.toThrow(`If none is, delete ${path('file')}.`);
  });

  it('that was taken over is not released by its first holder, who learns of it', async () => {
    const first = await takeLock(path('stolen'), 'it', AT_ONCE);
    await leave(path('stolen'), { process: process.pid });
    await expect(first.check()).rejects.toThrow('Another program has started to write it in the meantime.');
    await first.release();
    expect(await readdir(path('.'))).toContain('stolen');
  });

  it('is taken over by one of many who find it left', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    await leave(path('many'), { process: pid });
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path('many'), 'it', AT_ONCE)));
    const won = taken.filter((one) => one.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await won[0]!.value.check();
    await won[0]!.value.release();
  });
});

/** Holders that end so before it is enough. */
const KILLED = 30;

describe('a lock of many processes', () => {
  it('has one holder at every moment, although holders are killed', { timeout: 60_000 }, async () => {
    const program = path('taker.mjs');
    const lock = fileURLToPath(new URL('../../../kernel/files/lock.ts', import.meta.url));
    // The folder `inside` can be made by one alone; who finds it there although its maker lives has come in beside it.
    const contents = `import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { takeLock } from ${JSON.stringify(lock)};
const [place, inside, enough] = process.argv.slice(2);
for (let round = 0; !existsSync(enough); round++) {
  const held = await takeLock(place, 'it', { patience: 30_000 });
  await held.check();
  let others;
  try { others = Number(readFileSync(inside, 'utf8')); } catch {}
  let isAlive = others !== undefined;
  if (isAlive) try { process.kill(others, 0); } catch { isAlive = false; }
  if (isAlive) { console.log('two at once'); process.exit(1); }
  writeFileSync(inside, String(process.pid));
  if (round % 8 === 7) process.kill(process.pid, 'SIGKILL');
  await new Promise((done) => setTimeout(done, Math.random() * 2));
  rmSync(inside);
  await held.release();
}`;
    await build({
      ...{ stdin: { contents, resolveDir: path('.') }, outfile: program, bundle: true },
      ...{ platform: 'node', format: 'esm', logLevel: 'silent' },
    });
    const enough = path('enough');
    let killed = 0;
    const taker = async () => {
      while (killed < KILLED) {
        const child = spawn(process.execPath, [program, path('many'), path('inside'), enough]);
        const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
        expect(code ?? signal).toBeOneOf([0, 'SIGKILL']);
        if (signal && ++killed === KILLED) await writeFile(enough, '');
      }
    };
    await Promise.all(Array.from({ length: 6 }, taker));
    expect(killed).toBeGreaterThanOrEqual(KILLED);
  });
});
