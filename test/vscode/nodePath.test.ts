import assert from 'node:assert/strict';
import path from 'node:path';
import { findNode } from '../../extension/nodePath';

describe('the Node that runs kernels', () => {
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
