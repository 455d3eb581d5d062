import { describe, expect, it } from 'vitest';
import { offerXla, xlaDevice } from '../../../../../kernel/engine/runtimes/xla/device';
import { PLUGIN, sayWithoutPlugin } from '../../xlaPlugin';

sayWithoutPlugin('the processor’s plugin in the place of a GPU’s');

describe.skipIf(!PLUGIN)('the processor’s plugin', () => {
  it('is none for a GPU', async () => {
    offerXla('cuda', { library: PLUGIN!, precision: 'DEFAULT' });
    await expect(xlaDevice('cuda')).rejects.toThrow(`${PLUGIN} is XLA’s plugin for cpu, not for cuda.`);
  });
});
