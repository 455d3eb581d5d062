import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTools, headersFolder } from '../../../kernel/setup/bindingTools';
import { CommandError, run } from '../../../kernel/setup/command';
import { pipError } from '../../../kernel/setup/wheels';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'latentlab-tools-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An npm that brings a node-gyp. */
function npm(): string {
  const program = path.join(folder, 'npm', 'bin', 'npm-cli.js');
  const nodeGyp = path.join(folder, 'npm', 'node_modules', 'node-gyp');
  mkdirSync(path.dirname(program), { recursive: true });
  mkdirSync(path.join(nodeGyp, 'bin'), { recursive: true });
  writeFileSync(path.join(nodeGyp, 'bin', 'node-gyp.js'), '');
  return program;
}

const missing = () => path.join(folder, 'missing');

describe('a tool that is not there is named, with what to do:', () => {
  it('npm', async () => {
    await expect(findTools({ python: process.execPath }, {}, missing())).rejects.toThrow(
      /found no npm.*npm run setup:tfjs-node/,
    );
    await expect(findTools({ python: process.execPath }, { npm_execpath: '/bin/pnpm' })).rejects.toThrow(
      /found \/bin\/pnpm/,
    );
  });

  it('node-gyp', async () => {
    const lonely = path.join(folder, 'npm-cli.js');
    await expect(findTools({ python: process.execPath }, { npm_execpath: lonely })).rejects.toThrow(/has no node-gyp/);
  });

  it('Python', async () => {
    await expect(findTools({ python: missing() }, { npm_execpath: npm() })).rejects.toThrow(
      /node-gyp and pip run on Python 3, and ".*missing" is not there\. Install Python 3, or name one with --python PATH/,
    );
  });

  it('the compiler', async () => {
    const env = { npm_execpath: npm(), CXX: missing() };
    await expect(findTools({ python: process.execPath }, env)).rejects.toThrow(
      /compiled from C\+\+, and ".*missing" is not there\. Install a C\+\+ compiler and make/,
    );
  });
});

describe('Node’s headers', () => {
  const withHeaders = () => {
    mkdirSync(path.join(folder, 'include', 'node'), { recursive: true });
    writeFileSync(path.join(folder, 'include', 'node', 'node_api.h'), '');
  };

  it('are those beside Node, if they are there', () => {
    const node = path.join(folder, 'bin', 'node');
    expect(headersFolder(undefined, node)).toBeUndefined();
    withHeaders();
    expect(headersFolder(undefined, node)).toBe(folder);
  });

  it('must be where the user says', () => {
    expect(() => headersFolder(folder)).toThrow(/--nodedir: there is no .*node_api\.h/);
    withHeaders();
    expect(headersFolder(folder)).toBe(folder);
  });
});

describe('when pip fails, the message tells what to mend:', () => {
  const messageFor = (output: string) =>
    pipError(new CommandError('python3', 1, output), 'tensorflow-cpu', '/usr/bin/python3').message;

  it('that pip is missing', () => {
    expect(messageFor('/usr/bin/python3: No module named pip')).toMatch(
      /\/usr\/bin\/python3 has no pip.*--python.*--wheel FILE/,
    );
  });

  it('that there is no wheel for this Python', () => {
    const output =
      'ERROR: Could not find a version that satisfies the requirement\nERROR: No matching distribution found';
    expect(messageFor(output)).toMatch(/^pip finds no tensorflow-cpu for \/usr\/bin\/python3/);
  });

  it('that the index may be out of reach, when it has no version at all', () => {
    const output =
      'ERROR: Could not find a version that satisfies the requirement tensorflow-cpu (from versions: none)';
    expect(messageFor(output)).toMatch(/Check that the network and pip’s index can be reached, or name a Python/);
  });

  it('that the network is not there, which pip reports as no version, too', () => {
    const output = [
      "WARNING: Retrying after connection broken by 'NewConnectionError': Connection refused",
      'ERROR: Could not find a version that satisfies the requirement',
    ].join('\n');
    const message = messageFor(output);
    expect(message).toMatch(/^pip could not fetch tensorflow-cpu/);
    expect(message).toContain('Connection refused');
    expect(message).toMatch(/network, a proxy or pip’s index/);
  });
});

describe('a command', () => {
  it('gives all that it said', async () => {
    expect(await run(process.execPath, ['-p', '6 * 7'])).toBe('42\n');
  });

  it('that fails tells its code and its last lines', async () => {
    const program = 'for (let i = 1; i <= 20; i++) console.error(`line ${i}`); process.exitCode = 3';
    const failed = run(process.execPath, ['-e', program]);
    await expect(failed).rejects.toMatchObject({ name: 'CommandError', code: 3, notFound: false });
    await expect(failed).rejects.toThrow(/ended with 3:\nline 9\n[^]*line 20$/);
  });
});
