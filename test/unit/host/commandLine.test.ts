import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../host/commandLine.mjs';
import { workbenchQuery } from '../../host/server.mjs';

const folders = new Set([resolve('/work space'), resolve('/notebooks')]);
const parse = (...args: string[]) => parseCommandLine(args, (path) => folders.has(path));

describe('the command line of VS Code', () => {
  it('is understood as test-electron writes it', () => {
    const line = parse(
      '/work space',
      '--user-data-dir=/tmp/user',
      '--extensions-dir=/tmp/extensions',
      '--no-sandbox',
      '--disable-gpu-sandbox',
      '--skip-welcome',
      '--disable-workspace-trust',
      '--extensionTestsPath=/repo/tests.cjs',
      '--extensionDevelopmentPath=/repo',
    );
    expect(line).toEqual({
      folder: resolve('/work space'),
      files: [],
      userDataDir: resolve('/tmp/user'),
      extensionsDir: resolve('/tmp/extensions'),
      workspaceTrust: false,
      extensionTestsPath: resolve('/repo/tests.cjs'),
      extensionDevelopmentPaths: [resolve('/repo')],
    });
  });

  it('is understood with values as arguments of their own', () => {
    expect(parse('--user-data-dir', '/tmp/user').userDataDir).toBe(resolve('/tmp/user'));
  });

  it('takes several extensions, and tells files from the folder', () => {
    const line = parse(
      '--extensionDevelopmentPath=/a',
      '/notebooks',
      '/notebooks/a.ipynb',
      '--extensionDevelopmentPath=/b',
    );
    expect(line.extensionDevelopmentPaths).toEqual([resolve('/a'), resolve('/b')]);
    expect(line.folder).toBe(resolve('/notebooks'));
    expect(line.files).toEqual([resolve('/notebooks/a.ipynb')]);
  });

  it('keeps workspace trust unless it is asked not to', () => {
    expect(parse().workspaceTrust).toBe(true);
  });

  it('names the flag whose path is missing', () => {
    expect(() => parse('--extensionTestsPath=')).toThrow('--extensionTestsPath needs a path');
    expect(() => parse('--user-data-dir')).toThrow('--user-data-dir needs a path');
  });
});

describe('the workbench’s address', () => {
  it('names extension, suite and files by the server, with every character of a path kept', () => {
    const query = workbenchQuery('127.0.0.1:9', {
      folder: '/my work',
      files: ['/my work/100 % #1.ipynb'],
      extensionDevelopmentPaths: ['/repo'],
      extensionTestsPath: '/repo/tests.cjs',
    });
    expect(query['folder']).toBe('/my work');
    const payload = new Map<string, string>(JSON.parse(query['payload'] ?? ''));
    expect(payload.get('extensionDevelopmentPath')).toBe('vscode-remote://127.0.0.1:9/repo');
    expect(payload.get('extensionTestsPath')).toBe('vscode-remote://127.0.0.1:9/repo/tests.cjs');
    const file = new URL(payload.get('openFile') ?? '');
    expect(decodeURIComponent(file.pathname)).toBe('/my work/100 % #1.ipynb');
  });

  it('opens an empty window where no folder is given', () => {
    const query = workbenchQuery('127.0.0.1:9', { files: [], extensionDevelopmentPaths: [] });
    expect(query['ew']).toBe('true');
    expect(query['folder']).toBeUndefined();
  });
});
