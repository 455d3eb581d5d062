import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { findNode } from '../../extension/nodePath';
import { closeAll, newNotebook, run, textOf } from './notebooks';

describe('the Node that runs kernels', () => {
  afterEach(closeAll);

  it('is the one that this run asks for, else the one that is found', async () => {
    const asked = realpathSync(process.env['LATENTLAB_TEST_NODE'] ?? (await findNode('')));
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const version = execFileSync(asked, ['-p', 'process.version'], { encoding: 'utf8', env }).trim();
    const { notebook } = await newNotebook('process.execPath', 'process.version');
    assert.equal(textOf(await run(notebook.cellAt(0))), inspect(asked));
    assert.equal(textOf(await run(notebook.cellAt(1))), inspect(version));
  });

  it('is named by an absolute path', async () => {
    assert.ok(path.isAbsolute(await findNode('')));
  });

  it('is itself when it is the user’s choice', async () => {
    assert.equal(await findNode(process.execPath), process.execPath);
  });

  for (const [choice, reason] of [
    [path.join('bin', 'node'), /a relative path; write the absolute path/],
    ['node-that-is-nowhere', /not on the PATH/],
    [path.resolve('node-that-is-nowhere'), /does not run as Node/],
  ] as const) {
    it(`is not looked for elsewhere when the setting names ${path.basename(choice)}`, async () => {
      await assert.rejects(findNode(choice), reason);
    });
  }
});
