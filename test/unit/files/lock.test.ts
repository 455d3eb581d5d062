import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LockError, takeLock, underLock } from '../../../kernel/files/lock';
import { temporaryFolder } from '../autoencoders/training/support';

const path = temporaryFolder();

/** A lock as another process leaves it. */
async function leave(file: string, holder: { process: number; host?: string; since?: number }): Promise<void> {
  await writeFile(file, JSON.stringify({ host: hostname(), since: Date.now(), token: 'theirs', ...holder }));
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
    const refused = takeLock(path('held'), 'the checkpoint /data/model', 0);
    await expect(refused).rejects.toThrow(LockError);
    await expect(refused).rejects.toThrow(
      `Process ${other} has been writing the checkpoint /data/model since 2026-11-28 06:30:12. ` +
        'Wait for it to end, or give another name.',
    );
    const own = await takeLock(path('own'), 'the log', 0);
    await expect(takeLock(path('own'), 'the log', 0)).rejects.toThrow(/^This process has been writing the log since/);
    await own.release();
  });

  it('of a process that is gone is taken over', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    await leave(path('gone'), { process: pid });
    const lock = await takeLock(path('gone'), 'it', 0);
    expect(JSON.parse(await readFile(path('gone'), 'utf8'))).toMatchObject({ process: process.pid });
    await lock.release();
    expect((await readdir(path('.'))).filter((name) => name.startsWith('gone'))).toEqual([]);
  });

  it('of a predecessor that had the same process id is taken over, as in containers', async () => {
    await leave(path('predecessor'), { process: process.pid, since: Date.now() - 1000 * process.uptime() - 60_000 });
    await (await takeLock(path('predecessor'), 'it', 0)).release();
  });

  it('of another machine is kept while it is touched, and taken over ten minutes later', async () => {
    await leave(path('elsewhere'), { process: 1, host: 'another' });
    await expect(takeLock(path('elsewhere'), 'it', 0)).rejects.toThrow(`if it has ended, delete ${path('elsewhere')}.`);
    const past = new Date(Date.now() - 601_000);
    await utimes(path('elsewhere'), past, past);
    await (await takeLock(path('elsewhere'), 'it', 0)).release();
  });

  it('that was left in the middle of being written is waited for, then taken over', async () => {
    await writeFile(path('half'), '{"proc');
    await expect(takeLock(path('half'), 'it', 0)).rejects.toThrow('Another program is writing it.');
    const past = new Date(Date.now() - 601_000);
    await utimes(path('half'), past, past);
    await (await takeLock(path('half'), 'it', 0)).release();
  });

  it('that was taken over is not released by its first holder, who learns of it', async () => {
    const first = await takeLock(path('stolen'), 'it', 0);
    await leave(path('stolen'), { process: process.pid });
    await expect(first.check()).rejects.toThrow('Another program has started to write it in the meantime.');
    await first.release();
    expect(await readdir(path('.'))).toContain('stolen');
  });

  it('is taken over by one of many who find it left', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    await leave(path('many'), { process: pid });
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path('many'), 'it', 0)));
    const won = taken.filter((one) => one.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await won[0]!.value.check();
    await won[0]!.value.release();
  });
});
