import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * KaTeX's style sheet with its fonts inside, so that a report needs no other file.
 *
 * @param folder of the built style sheets, which an installation has in the packages' place
 */
export function katexCss(folder: string): string {
  const built = join(folder, 'katex.css');
  if (existsSync(built)) return readFileSync(built, 'utf8');
  const path = require.resolve('katex/dist/katex.min.css');
  return readFileSync(path, 'utf8').replace(
    /src:url\((fonts\/[^)]+\.woff2)\) format\("woff2"\)[^;}]*/g,
    (_, file: string) =>
      `src:url(data:font/woff2;base64,${readFileSync(join(dirname(path), file)).toString('base64')}) format("woff2")`,
  );
}

/** highlight.js's colours for one theme. */
export function highlightCss(theme: 'github' | 'github-dark', folder: string): string {
  const built = join(folder, `${theme}.css`);
  if (existsSync(built)) return readFileSync(built, 'utf8');
  return readFileSync(require.resolve(`highlight.js/styles/${theme}.css`), 'utf8');
}

/**
 * The script that turns the figures of a report into live views.
 * @param path of the bundle `dist/report/report.js`
 */
export function reportScript(path: string): string {
  if (!existsSync(path)) throw new Error(`${path} is missing. Build LatentLab first: npm run build`);
  return readFileSync(path, 'utf8').replace(/\/\/# sourceMappingURL=.*\s*$/, '');
}
