import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../host/chromium.mjs';
import { hasDisplay } from '../../host/findVscode.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latentlab-path-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function program(name: string) {
  const path = join(folder, name);
  await writeFile(path, '');
  await chmod(path, 0o755);
  return path;
}

describe('finding a Chromium', () => {
  it('takes the one that LATENTLAB_CHROMIUM names before any on the PATH', async () => {
    await program('chromium');
    const mine = await program('my-chromium');
    expect(findChromium({ LATENTLAB_CHROMIUM: mine, PATH: folder }, [])).toBe(mine);
  });

  it('says so when LATENTLAB_CHROMIUM names nothing that runs', () => {
    const missing = join(folder, 'missing');
    expect(() => findChromium({ LATENTLAB_CHROMIUM: missing, PATH: '' }, [])).toThrow(missing);
    expect(() => findChromium({ LATENTLAB_CHROMIUM: folder, PATH: '' }, [])).toThrow(folder);
  });

  it('looks through the PATH by the usual names, then in the usual places', async () => {
    const chrome = await program('google-chrome');
    const usual = await program('elsewhere');
    expect(findChromium({ PATH: ['/nowhere', folder].join(delimiter) }, [usual])).toBe(chrome);
    expect(findChromium({ PATH: '/nowhere' }, [usual])).toBe(usual);
  });

  it('finds none where there is none', () => {
    expect(findChromium({ PATH: folder }, [])).toBeUndefined();
  });
});

describe('a display', () => {
  it('is there on a desktop system, and on Linux where X11 or Wayland says so', () => {
    expect(hasDisplay('darwin', {})).toBe(true);
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('linux', {})).toBe(false);
  });
});
