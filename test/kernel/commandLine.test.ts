import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Rung } from '../../kernel/protocol';
import { beginCli } from './cliProcess';

const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-command-line-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const latentlab = (args: string[]) => beginCli(args, folder).ended;

const COMMANDS = ['start', 'notebook', 'sweep', 'samples', 'export', 'devices', 'verify', 'bench'];

/** The commands that a usage explains. */
function usagesIn(text: string): string[] {
  const named = [...text.matchAll(/^ {2}npm (?:run )?([a-z]+)/gm)].map(([, command]) => command!);
  return [...new Set(named)];
}

describe('the command line', () => {
  it.each([
    [[], 'name a command', COMMANDS],
    [['fly'], 'there is no command "fly"', COMMANDS],
    [['devise'], 'there is no command "devise" (did you mean "devices"?)', COMMANDS],
    [['notebook'], 'name the notebook to run', ['notebook']],
    [['notebook', 'a.ipynb', 'b.ipynb'], 'one notebook at a time; found also b.ipynb', ['notebook']],
    [['notebook', 'a.ipynb', '--speed', '3'], "Unknown option '--speed'", ['notebook']],
    [['notebook', 'a.ipynb', '--seed', '-1.5'], '--seed', ['notebook']],
    [['devices', 'all'], 'Unexpected argument', ['devices']],
    [['bench', '--workloads', 'z'], '--workloads knows a, b, c', ['bench']],
    [['sweep', '--on', 'moon'], '--on', ['sweep']],
  ])('answers %j with that command’s usage and exit code 2', async (args, problem, commands) => {
    const run = await latentlab(args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(problem);
    expect(usagesIn(run.stderr)).toEqual(commands);
  });

  it.each([
    [['notebook', '--help'], ['notebook']],
    [['help', 'verify'], ['verify']],
    [['--help'], COMMANDS],
  ])('explains %j on request', async (args, commands) => {
    const run = await latentlab(args);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(usagesIn(run.stdout)).toEqual(commands);
  });

  it('measures nothing where none of the engines is there, and says why', async () => {
    const run = await latentlab(['bench', '--workloads', 'a', '--engines', 'torch,jax', '--python', '/no/python']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('None of these engines is here: torch, jax.');
    expect(run.stderr).toContain('/no/python has neither PyTorch nor JAX: there is no such program');
  });

  it('lists the device ladder, as JSON and nothing else on stdout', async () => {
    const run = await latentlab(['devices', '--json']);
    const rungs = JSON.parse(run.stdout) as Rung[];
    expect(run.code).toBe(0);
    for (const rung of rungs) {
      expect(rung).toMatchObject({ name: expect.any(String), reason: expect.stringMatching(/./) });
      expect(['chosen', 'usable', 'unusable']).toContain(rung.status);
      expect('description' in rung && 'precision' in rung).toBe(rung.status !== 'unusable');
    }
    expect(rungs.filter((rung) => rung.status === 'chosen')).toHaveLength(1);
    expect(rungs.find((rung) => rung.name === 'wasm')!.status).not.toBe('unusable');
  });

  it('lists the device ladder for people', async () => {
    const run = await latentlab(['devices', '--device', 'cpu']);
    expect(run.stdout).toMatch(/^cpu +chosen +\S/m);
    expect(await latentlab(['devices', '--device', 'abacus'])).toMatchObject({ code: 1, stdout: '' });
  });
});
