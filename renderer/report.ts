/**
 * Entry of the script inside a self-contained HTML report.
 *
 * The page holds one element like this for each view, and this script after them (or anywhere, it waits for the document):
 *
 * ```html
 * <figure data-latentlab-mime="application/vnd.latentlab.loss-curves+json">
 *   <script type="application/json">{"version":1, …}</script>
 *   <img src="data:image/png;base64,…" alt="…">
 * </figure>
 * ```
 *
 * - The script's text is the view's JSON object. The writer escapes `<` in it as `\u003c`, so that no string ends the element.
 * - The drawn view is appended to the figure; everything else in it (the `img`, a caption) is then hidden.
 * - When a view cannot be drawn, the figure stays as it is and a line under it says why.
 * - There is no kernel: questions to it are answered from the saved data, or with the reason.
 * - Colours follow the page: its `--vscode-*` variables and `data-vscode-theme-kind` on the body if it sets them, else the
 *   background behind the figure and the reader's colour scheme.
 * - Nothing is fetched. A content policy needs `img-src data:` besides what lets this script run.
 */
import { KernelLink } from './channel';
import { FALLBACK_ERROR, Outputs } from './outputs';
import { SettingsStore } from './settings';
import { ThemeWatcher } from './theme';

const ATTRIBUTE = 'data-latentlab-mime';

async function drawReport(): Promise<void> {
  const outputs = new Outputs({ link: new KernelLink(), settings: new SettingsStore({}), theme: new ThemeWatcher() });
  const figures = [...document.querySelectorAll<HTMLElement>(`[${ATTRIBUTE}]`)];
  await Promise.all(figures.map((figure, i) => drawFigure(outputs, figure, `report-${i}`)));
}

async function drawFigure(outputs: Outputs, figure: HTMLElement, id: string): Promise<void> {
  const saved = [...figure.children].filter((child): child is HTMLElement => child instanceof HTMLElement);
  const data = saved.find((child) => child instanceof HTMLScriptElement)?.textContent ?? '';
  try {
    const json = () => JSON.parse(data) as unknown;
    await outputs.render({ id, mime: figure.getAttribute(ATTRIBUTE) ?? '', json }, figure);
  } catch (error) {
    // The line that says why is already under the saved picture.
    if (error instanceof Error && error.name === FALLBACK_ERROR) return;
    throw error;
  }
  for (const child of saved) child.hidden = true;
}

function start(): void {
  drawReport().catch((error: unknown) => console.error('The views of this report could not be drawn.', error));
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, { once: true });
else start();
