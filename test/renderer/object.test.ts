import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { treeOf } from '../../kernel/session/show/values/tree';
import { VALUE_MIME } from '../../kernel/views/types';
import { violations } from './support/axe';
import { render, show } from './support/figures';
import { Lab, NOTEBOOK_POLICY } from './support/page';
import type { NotebookPage } from './support/page';
import { THEME_NAMES } from './support/themes';
import { objectView } from './support/values';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

/** What the page's clipboard was given last. */
async function copied(page: Page, action: () => Promise<void>): Promise<string> {
  await page.evaluate(() => {
    const given = { text: '' };
    Object.assign(window, { given });
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: (text: string) => Promise.resolve(void (given.text = text)) },
    });
  });
  await action();
  return page.evaluate(() => (window as unknown as { given: { text: string } }).given.text);
}

const lineTexts = (output: Locator) => output.getByRole('treeitem').allInnerTexts();
const line = (output: Locator, name: RegExp) => output.getByRole('treeitem', { name });
/** The accessible name of the line with the focus. */
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute('aria-label'));

describe('the tree of a value', () => {
  it('shows the outer values open, as many as are seen at a glance, and says what a line leaves out', async () => {
    const output = await show(notebook.page, VALUE_MIME.object, objectView());
    const shown = await lineTexts(output);
    expect(shown).toContain("name: 'β-VAE on Fashion-MNIST, warm-up over ten epochs'");
    expect(shown).toContain("0: Layer { name: 'encoder', units: 64, activation: 'relu' }");
    expect(shown).toContain('self: ↑ the value that holds it');
    await line(output, /^losses:/).click();
    expect((await lineTexts(output)).some((text) => text === '… 300 more')).toBe(true);
  });

  it('says its levels, places and states to screen readers', async () => {
    const output = await show(notebook.page, VALUE_MIME.object, objectView());
    const tree = output.getByRole('tree');
    expect(await tree.getAttribute('aria-label')).toMatch(/11 entries$/);
    const layers = line(output, /^layers:/);
    expect(await layers.getAttribute('aria-expanded')).toBe('true');
    expect([await layers.getAttribute('aria-level'), await layers.getAttribute('aria-posinset')]).toEqual(['2', '3']);
    expect(await layers.getAttribute('aria-setsize')).toBe('11');
    expect(await line(output, /^finished: true/).getAttribute('aria-expanded')).toBe(null);
  });

  it('is walked by arrows, opened and closed, and found in by letters', async () => {
    const { page } = notebook;
    const output = await show(page, VALUE_MIME.object, objectView());
    await line(output, /^name:/).focus();
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toMatch(/^options:/);
    await page.keyboard.press('ArrowLeft');
    const options = line(output, /^options:/);
    expect(await options.getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('latents: 2');
    await page.keyboard.press('ArrowLeft');
    expect(await focused(page)).toMatch(/^options:/);
    await page.keyboard.type('co');
    expect(await focused(page)).toMatch(/^codes:/);
    await page.keyboard.press('End');
    expect(await focused(page)).toMatch(/^self:/);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    expect(await output.getByRole('treeitem').count()).toBe(1);
    // The notebook around it hears none of these keys.
    expect(await page.evaluate(() => window.host.keys)).toEqual([]);
  });

  it('is one stop for Tab, with its buttons after it', async () => {
    const { page } = notebook;
    await show(page, VALUE_MIME.object, objectView());
    const stops: (string | null | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent));
    }
    expect(stops.slice(1)).toEqual(['Copy value', 'Copy path', 'Open all']);
  });

  it('copies a value with all that it knows of it, and the path to it', async () => {
    const { page } = notebook;
    const output = await show(page, VALUE_MIME.object, objectView());
    await line(output, /^schedule:/).focus();
    const button = (name: string) => output.getByRole('button', { name }).click();
    expect(await copied(page, () => button('Copy path'))).toBe('options.schedule');
    expect(await copied(page, () => button('Copy value'))).toBe("{ kind: 'linear', epochs: 10 }");
    await line(output, /^options:/).focus();
    const text = await copied(page, () => page.keyboard.press('Control+c'));
    expect(text).toBe(
      `{\n  latents: 2,\n  beta: 4,\n  seed: 7,\n  likelihood: 'Bernoulli',\n  schedule: { kind: 'linear', epochs: 10 },\n}`,
    );
    await line(output, /^codes:/).focus();
    expect(await copied(page, () => button('Copy value'))).toContain("Map(2) {\n  'used': Set(3) { 1, 5, 9 },");
  });

  it('keeps what the reader opened, and the line with the focus, when the value is another', async () => {
    const { page } = notebook;
    const output = await show(page, VALUE_MIME.object, objectView('v'));
    await line(output, /^losses:/).click();
    const next = { ...treeOf({ ...objectView(), losses: [1, 2, 3] }), id: 'v' };
    const view = objectView('v');
    const other = view.root.children!.map((one) => (one.label === 'finished' ? { ...one, label: 'done' } : one));
    await render(page, 'v', VALUE_MIME.object, { ...view, root: { ...view.root, children: other } });
    expect(await line(output, /^losses:/).getAttribute('aria-expanded')).toBe('true');
    expect(await focused(page)).toMatch(/^losses:/);
    expect(await line(output, /^done:/).count()).toBe(1);
    await render(page, 'v', VALUE_MIME.object, next);
    expect(await output.getByRole('treeitem').count()).toBeGreaterThan(1);
  });

  it('draws nothing of a text as markup, under a strict policy', async () => {
    const { page, errors, strangers, close } = await lab.notebook({ policy: NOTEBOOK_POLICY });
    const hostile = '<img src=x onerror="window.hacked=true"><script>window.hacked=true</script>';
    const output = await show(page, VALUE_MIME.object, treeOf({ [hostile]: hostile, inner: { [hostile]: [hostile] } }));
    expect(await output.getByRole('treeitem').count()).toBeGreaterThan(3);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await output.locator('.tree img, .tree script').count()).toBe(0);
    expect([errors, strangers]).toEqual([[], []]);
    await close();
  });

  it('opens all of the largest tree', async () => {
    const { page } = notebook;
    const rows = Array.from({ length: 100 }, (_, i) => ({
      i,
      at: { x: i, y: -i },
      tags: ['a', 'b', 'c', { deep: [i] }],
    }));
    const output = await show(page, VALUE_MIME.object, { ...treeOf(rows), id: 'large' });
    await output.getByRole('button', { name: 'Open all' }).click();
    expect(await output.getByRole('treeitem').count()).toBeGreaterThan(700);
  });
});

describe.each(THEME_NAMES)('in the theme %s', (theme) => {
  it('passes axe with lines that can be read', async () => {
    const { page, close } = await lab.notebook({ theme });
    const output = await show(page, VALUE_MIME.object, objectView());
    await output.getByRole('treeitem').first().focus();
    expect(await violations(page)).toEqual([]);
    await close();
  });
});
