import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell, CodeCell, Notebook, Output } from '../../../kernel/notebook/format';
import { renderReport } from '../../../kernel/notebook/html/report';
import { requireChromium } from '../../host/chromium.mjs';
import { temporaryFolder } from './files';

const folder = temporaryFolder();

/** What breaks out of an attribute and then leaves the page. */
const ESCAPE = `'"><meta http-equiv="refresh" content="0;url=https://taken.test"><img src=x onerror=document.title='taken'>`;

const display = (data: Record<string, unknown>): Output => ({ output_type: 'display_data', metadata: {}, data });
const code = (source: string, ...outputs: Output[]): CodeCell => ({
  cell_type: 'code',
  execution_count: 1,
  metadata: {},
  outputs,
  source,
});
const markdown = (source: string, rest: object = {}): Cell => ({
  cell_type: 'markdown',
  metadata: {},
  source,
  ...rest,
});
const notebookOf = (cells: Cell[], metadata = {}): Notebook => ({ nbformat: 4, nbformat_minor: 5, metadata, cells });

let browser: Browser;
beforeAll(async () => {
  const args = ['--no-sandbox', '--disable-background-networking'];
  browser = await chromium.launch({ executablePath: requireChromium(), args });
});
afterAll(() => browser.close());

/** Opens a report of a notebook; every request that it makes is noted, and answered by nobody. */
async function open(notebook: Notebook) {
  const file = join(folder, 'report.html');
  writeFileSync(file, await renderReport(notebook, { path: 'a.ipynb', folder, scriptFile: 'none' }));
  const url = pathToFileURL(file).href;
  const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
  const requests: string[] = [];
  await page.route(/^(?!data:)/, (route) => {
    const wanted = route.request().url();
    if (wanted !== url) requests.push(wanted);
    return wanted === url ? route.continue() : route.abort();
  });
  await page.goto(url);
  // A refresh at once is under way before the next task that waits for the page to be loaded.
  await page.waitForLoadState('load');
  return { page, requests };
}

describe('a report in a browser', () => {
  it.each([
    ['a script', '<script>document.title = "taken"</script>'],
    ['a text area', '<textarea>'],
    ['a script that goes on', '<script>'],
    ['a style sheet', '<style>* { display: none }'],
    ['a style sheet for its host', '<style>:host { position: fixed !important; inset: 0 !important; background: red }'],
    ['a comment', '<!--'],
    ['plain text', '<plaintext>'],
    ['a template', '<template>'],
    ['a shadow root', '<template shadowrootmode="open">'],
    ['a list of choices', '<select><option>'],
    ['a drawing', '<svg><foreignObject>'],
    ['a formula', '<math><mtext>'],
    ['an attribute', '<b title="'],
    ['a title', '<title>'],
    ['a frame', '<iframe>'],
    ['no frames', '<noframes>'],
    ['a table', '<table><tr><td>'],
    ['a dialogue', '<dialog open style="position:fixed;inset:0;width:100vw;height:100vh">'],
    ['a cover', '<div style="position:fixed;inset:0;background:red;z-index:9999">'],
    ['a section', '<details><summary>'],
    ['an end of its own place', '</template></div></div></div></section></main></body></html>'],
    ['a character of nothing', '\u0000<textarea'],
  ])('%s that one output opens hides nothing else', async (_, html) => {
    const cells = [code('first', display({ 'text/html': `seen ${html} rest` })), markdown('## After it'), code('last')];
    const { page, requests } = await open(notebookOf(cells));
    const last = page.getByRole('heading', { name: 'After it' });
    expect(await last.isVisible()).toBe(true);
    const onTop = await last.evaluate((heading) => {
      heading.scrollIntoView();
      const { left, top } = heading.getBoundingClientRect();
      return document.elementFromPoint(left + 2, top + 2) === heading;
    });
    expect(onTop).toBe(true);
    expect(await page.locator('.input code').allInnerTexts()).toEqual(['first', 'last']);
    expect(await page.title()).toBe('a.ipynb');
    expect(requests).toEqual([]);
    await page.close();
  });

  const places: [string, Notebook][] = [
    [
      'an attachment',
      notebookOf([markdown('![a](attachment:a.png)', { attachments: { 'a.png': { 'image/png': ESCAPE } } })]),
    ],
    [
      'an attachment’s type',
      notebookOf([
        markdown('![a](attachment:a.png)', { attachments: { 'a.png': { [`image/png${ESCAPE}`]: 'AAAA' } } }),
      ]),
    ],
    ['an attachment’s name', notebookOf([markdown(`![a](<attachment:${ESCAPE}>)`)])],
    ['a picture’s address', notebookOf([markdown(`![a](<data:image/png;base64,${ESCAPE}>)`)])],
    ['a picture’s name', notebookOf([markdown(`![${ESCAPE}](<${ESCAPE}.png> "${ESCAPE}")`)])],
    ['a link', notebookOf([markdown(`[a](<https://taken.test/${ESCAPE}> '${ESCAPE.replaceAll("'", '')}')`)])],
    ['a link to a script', notebookOf([markdown('[a](javascript:document.title="taken")')])],
    ['a language of a fence', notebookOf([markdown(`\`\`\`${ESCAPE}\ncode\n\`\`\``)])],
    ['a label', notebookOf([markdown(`$$ a \\label{${ESCAPE}} $$\n\n\\eqref{${ESCAPE}x}`)])],
    ['a formula', notebookOf([markdown(`$ \\text{${ESCAPE}} \\href{https://taken.test}{a} \\frob{${ESCAPE}} $`)])],
    ['a heading', notebookOf([markdown(`# ${ESCAPE}`)])],
    [
      'a picture of an output',
      notebookOf([code('a', display({ 'image/png': ESCAPE, 'image/gif': ESCAPE, 'image/jpeg': [ESCAPE] }))]),
    ],
    [
      'a drawing of an output',
      notebookOf([
        code(
          'a',
          display({
            'image/svg+xml': `<svg xmlns="http://www.w3.org/2000/svg"><script>document.title='taken'</script>${ESCAPE}</svg>`,
          }),
        ),
      ]),
    ],
    ['a description', notebookOf([code('a', display({ 'image/png': 'AAAA', 'text/plain': ESCAPE }))])],
    [
      'an output’s type',
      notebookOf([code('a', display({ [`text/x${ESCAPE}`]: 'a', [`image/png${ESCAPE}`]: 'AAAA' }))]),
    ],
    ['JSON', notebookOf([code('a', display({ 'application/json': { [ESCAPE]: ESCAPE } }))])],
    [
      'markdown of an output',
      notebookOf([code('a', display({ 'text/markdown': ESCAPE })), code('b', display({ 'text/latex': ESCAPE }))]),
    ],
    ['HTML of an output', notebookOf([code('a', display({ 'text/html': ESCAPE }))])],
    [
      'a stream',
      notebookOf([
        code('a', {
          output_type: 'stream',
          name: ESCAPE,
          text: `${ESCAPE}\u001b]8;;javascript:alert(1)\u0007x\u001b]8;;\u0007`,
        }),
      ]),
    ],
    ['an error', notebookOf([code('a', { output_type: 'error', ename: ESCAPE, evalue: ESCAPE, traceback: [] })])],
    ['code', notebookOf([code(ESCAPE), { cell_type: 'raw', metadata: {}, source: ESCAPE }])],
    [
      'a cell’s id and metadata',
      notebookOf([
        {
          ...code('a'),
          id: ESCAPE,
          metadata: {
            vscode: { languageId: ESCAPE },
            execution: { 'iopub.execute_input': ESCAPE, 'shell.execute_reply': ESCAPE },
          },
        },
      ]),
    ],
    ['a language', notebookOf([code('a')], { language_info: { name: ESCAPE } })],
    [
      'the record of a run',
      notebookOf([code('a')], {
        latentlab: { device: ESCAPE, device_description: ESCAPE, finished: ESCAPE, seconds: ESCAPE },
      }),
    ],
    [
      'a device',
      notebookOf([code('a')], {
        latentlab: { device: ESCAPE, device_description: ESCAPE, finished: '2026-01-02T03:04:05.000Z', seconds: 3 },
      }),
    ],
  ];

  it.each(places)('stays where it is whatever stands in %s', async (_, notebook) => {
    notebook.cells.push(markdown('## After it'));
    const { page, requests } = await open(notebook);
    expect(await page.getByRole('heading', { name: 'After it' }).isVisible()).toBe(true);
    expect(await page.title()).not.toBe('taken');
    expect(await page.locator('meta[http-equiv=refresh], [onerror]').count()).toBe(0);
    // HTML of an output may have pictures; anywhere else this one is made of text.
    expect(await page.evaluate(() => document.querySelectorAll('img[src=x]').length)).toBe(0);
    expect(requests).toEqual([]);
    await page.close();
  });

  it.each([
    ['null', { language_info: null, kernelspec: null, latentlab: null }, { vscode: null, execution: null }],
    [
      'of other types',
      { language_info: 5, latentlab: [1] },
      { vscode: { languageId: 5 }, execution: 'today', tags: 5 },
    ],
    ['half', { language_info: {}, latentlab: { device: 'wasm' } }, { vscode: {}, execution: {} }],
  ])('is made of a notebook whose metadata is %s', async (_, metadata, cellMetadata) => {
    const { page } = await open(notebookOf([{ ...code('const a = 1'), metadata: cellMetadata }], metadata));
    expect(await page.locator('main > header').innerText()).toBe('a.ipynb');
    expect(await page.locator('.input code').innerText()).toBe('const a = 1');
    await page.close();
  });

  it('shows the next representation where the first is none', async () => {
    const outputs = [
      display({ 'image/png': 'no base64!', 'text/plain': 'the text' }),
      display({ 'text/html': '<div>'.repeat(9000), 'text/plain': 'too deep' }),
      display({ 'image/webp': 'AAAA', 'text/plain': 'a picture' }),
      display({ 'image/png': 5 }),
    ];
    const { page } = await open(notebookOf([code('a', ...outputs)]));
    expect(await page.locator('.outputs pre').allInnerTexts()).toEqual(['the text', 'too deep']);
    expect(await page.locator('.outputs img').getAttribute('alt')).toBe('a picture');
    expect(await page.locator('.outputs p.missing').innerText()).toBe('an output of type image/png');
    await page.close();
  });

  it('gives HTML the report’s font and rules, and its own style sheet the last word within', async () => {
    const table = '<table><tr><th>a</th></tr><tr><td>1</td></tr></table>';
    const outputs = [
      display({ 'text/html': table }),
      display({ 'text/html': `<style>td { color: rgb(1, 2, 3) }</style>${table}` }),
    ];
    const { page } = await open(notebookOf([code('a', ...outputs)]));
    const styles = await page
      .locator('td')
      .evaluateAll((cells) =>
        cells.map((cell) => [
          getComputedStyle(cell).color,
          getComputedStyle(cell).borderBottomWidth,
          getComputedStyle(cell).fontSize,
        ]),
      );
    expect(styles).toEqual([
      ['rgb(31, 35, 40)', '1px', '14px'],
      ['rgb(1, 2, 3)', '1px', '14px'],
    ]);
    await page.close();
  });
});
