import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { common, targets } from '../../../esbuild.mjs';
import { noticesOf, partsOf } from '../../../packaging/licences.mjs';
import { selfContained } from '../../../packaging/readme.mjs';

describe('the packed README', () => {
  it('holds its pictures, and links to files as words alone', async () => {
    const text =
      'A ![view of [0, 1]](docs/pictures/losses.png), [the manual](docs/data.md), [a part](#parts), [Node](https://nodejs.org).';
    const packed = await selfContained(text);
    expect(packed).toMatch(
      /^A !\[view of \[0, 1\]\]\(data:image\/jpeg;base64,[\w+/=]+\), the manual, \[a part\]\(#parts\), \[Node\]\(https:\/\/nodejs\.org\)\.$/,
    );
    const [, base64] = /base64,([\w+/=]+)/.exec(packed)!;
    // A JPEG's first bytes.
    expect([...Buffer.from(base64!, 'base64').subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  });

  it('names a picture that is not there', async () => {
    await expect(selfContained('![none](docs/none.png)')).rejects.toThrow(/docs\/none\.png/);
  });
});

describe('the notices', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'latentlab-notices-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function packageOf(manifest: object, files: Record<string, string> = {}): string {
    const place = mkdtempSync(path.join(folder, 'package-'));
    writeFileSync(path.join(place, 'package.json'), JSON.stringify(manifest));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(place, name), text);
    return place;
  }

  it('name each package once, with its own text', () => {
    const own = packageOf({ name: 'own', version: '1.0.0', license: 'ISC' }, { 'LICENSE.md': 'Do what you like.' });
    const parts = partsOf([], [own, own]);
    expect(noticesOf(parts).match(/^own 1\.0\.0 \(ISC\)$/gm)).toHaveLength(1);
    expect(noticesOf(parts)).toContain('Do what you like.');
  });

  it('have the standard text, with its author, for a package that brings none', () => {
    const [part] = partsOf([], [packageOf({ name: 'bare', version: '1.0.0', license: 'MIT', author: 'Ada' })]);
    expect(part!.text).toMatch(/^Copyright \(c\) Ada\n\nPermission is hereby granted/);
    const both = partsOf([], [packageOf({ name: 'two', version: '1.0.0', license: '(Apache-2.0 AND MIT)' })]);
    expect(both[0]!.text).toMatch(/Apache License[^]*Permission is hereby granted/);
  });

  it.each([
    [{ name: 'silent', version: '1.0.0' }, /silent 1\.0\.0 does not say its licence/],
    [
      { name: 'rare', version: '1.0.0', license: 'Rare-1.0' },
      /rare 1\.0\.0 brings no text of its licence \(Rare-1\.0\)/,
    ],
  ])('refuse a package whose terms are not known: %j', (manifest, message) => {
    expect(() => partsOf([], [packageOf(manifest)])).toThrow(message);
  });
});

describe('the extension', () => {
  it('loads nothing at its activation but VS Code’s API and Node’s modules', async () => {
    const { metafile, outputFiles } = await esbuild.build({
      ...{ ...common, ...targets.extension, write: false, metafile: true },
    });
    const [output] = Object.entries(metafile.outputs).flatMap(([file, made]) =>
      /extension\.cjs$/.test(file) ? [made] : [],
    );
    const { text } = outputFiles.find(({ path: file }) => file.endsWith('extension.cjs'))!;
    // What is imported when it is first wanted is required inside of a function.
    const eager = [...text.matchAll(/^(?:var|let|const) [\w$]+ = .*?\brequire\("([^"]+)"\)/gm)].map(
      ([, name]) => name!,
    );
    expect(eager.length).toBeGreaterThan(5);
    expect(eager.filter((name) => name !== 'vscode' && !isBuiltin(name))).toEqual([]);
    expect(Object.keys(output!.inputs).filter((file) => /^kernel\/(session|autoencoders)\//.test(file))).toEqual([]);
  });
});
