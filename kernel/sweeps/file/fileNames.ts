/** Whether a file is a sweep, by its name: `sweep.json`, `NAME.sweep.json`, or one in a folder `sweeps`. */
export function isSweepFile(path: string): boolean {
  const parts = path.replaceAll('\\', '/').split('/');
  const name = parts.at(-1)!.toLowerCase();
  const folder = parts.at(-2)?.toLowerCase() ?? '';
  // What npm run sweep writes into a sweep's folder is not a file to begin one by.
  if (folder.endsWith('.sweep')) return false;
  return name === 'sweep.json' || name.endsWith('.sweep.json') || (folder === 'sweeps' && name.endsWith('.json'));
}
