/** What the tests do with a figure in a page. */
import { decode as decodePng } from 'fast-png';
import type { Locator, Page } from 'playwright-core';
import type { ValueByMime, ViewByMime } from '../../../kernel/views/types';

/** Renders a view and answers with its output. */
export async function show<M extends keyof (ViewByMime & ValueByMime)>(
  page: Page,
  mime: M,
  view: (ViewByMime & ValueByMime)[M],
  id = view.id,
) {
  const problem = await render(page, id, mime, view);
  if (problem !== null) throw new Error(problem);
  return page.locator(`[id="${id}"]`);
}

/** @returns why the renderer gave up, or null */
export function render(page: Page, id: string, mime: string, view: unknown): Promise<string | null> {
  return page.evaluate(([one, type, json]) => window.host.render(one, type, json), [id, mime, view] as const);
}

/** A message from the extension, and the redrawing that it causes. */
export async function send(page: Page, message: unknown): Promise<void> {
  await page.evaluate((one) => window.host.send(one), message);
  await nextFrame(page);
}

export function nextFrame(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

/** Does something, and waits until the page has heard an event of this type on its window and drawn what follows. */
export async function untilEvent(page: Page, type: string, action: () => Promise<unknown>): Promise<void> {
  const heard = page.evaluate(
    (name) => new Promise<void>((done) => window.addEventListener(name, () => done(), { once: true })),
    type,
  );
  await action();
  await heard;
  await nextFrame(page);
}

export function messages(page: Page): Promise<Record<string, unknown>[]> {
  return page.evaluate(() => window.host.messages as Record<string, unknown>[]);
}

export interface Pixels {
  width: number;
  height: number;
  /** Red, green, blue of a pixel. */
  at(x: number, y: number): [number, number, number];
}

export async function pixels(target: Locator): Promise<Pixels> {
  const { data, width, height, channels } = decodePng(await target.screenshot({ animations: 'disabled' }));
  return {
    width,
    height,
    at: (x, y) => {
      const start = (y * width + x) * channels;
      return [data[start] ?? 0, data[start + 1] ?? 0, data[start + 2] ?? 0];
    },
  };
}

/** Share of the pixels that differ visibly from the first one, and how many colours (of 512) they have. */
export async function ink(target: Locator): Promise<{ share: number; colours: number }> {
  const picture = await pixels(target);
  const paper = picture.at(0, 0);
  const colours = new Set<number>();
  let inked = 0;
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const [r, g, b] = picture.at(x, y);
      if (Math.abs(r - paper[0]) + Math.abs(g - paper[1]) + Math.abs(b - paper[2]) > 24) inked++;
      colours.add((r >> 5) * 64 + (g >> 5) * 8 + (b >> 5));
    }
  }
  return { share: inked / (picture.width * picture.height), colours: colours.size };
}

/** The whole table, page after page, as texts; the first row holds the names of the columns. */
export async function readTable(figure: Locator): Promise<string[][]> {
  const toggle = figure.getByRole('button', { name: 'Table' });
  if ((await toggle.getAttribute('aria-pressed')) === 'false') await toggle.click();
  const rows = () =>
    figure
      .locator('table')
      .evaluate((table) =>
        [...table.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
      );
  const [head, ...body] = await rows();
  const next = figure.getByRole('button', { name: 'Next rows' });
  while ((await next.isVisible()) && (await next.isEnabled())) {
    await next.click();
    body.push(...(await rows()).slice(1));
  }
  return [head ?? [], ...body];
}

/** The text of the file that the last click on a save button offered. */
export async function saved(page: Page, figure: Locator, format: 'PNG' | 'SVG' | 'CSV') {
  const before = await page.evaluate(() => window.host.downloads.length);
  await figure.getByRole('button', { name: `Save as ${format}` }).click();
  await page.waitForFunction((count) => window.host.downloads.length > count, before);
  const { name, url } = (await page.evaluate(() => window.host.downloads.at(-1)))!;
  const [head, data] = url.split(';base64,');
  return { name, mime: head, bytes: Buffer.from(data ?? '', 'base64') };
}

/** What the first x axis of a figure's panels shows, told from its numbers and where they stand. */
export async function shownRange(figure: Locator): Promise<[number, number]> {
  const found = await figure
    .locator('.x.axis')
    .first()
    .evaluate((axis) => {
      const line = axis.querySelector('line')!;
      const ticks = [...axis.querySelectorAll('.tick')].map((tick) => [tick.textContent!, tick.getAttribute('x')!]);
      return { ends: [line.getAttribute('x1')!, line.getAttribute('x2')!], ticks };
    });
  const ticks = found.ticks.map(([text, at]) => [toNumber(text!), Number(at)] as const);
  const [first, last] = [ticks[0]!, ticks.at(-1)!];
  const perPixel = (last[0] - first[0]) / (last[1] - first[1]);
  return found.ends.map((end) => first[0] + (Number(end) - first[1]) * perPixel) as [number, number];
}

/** The curves of a figure's panels in the order in which they are painted, as the saved drawing has them. */
export async function drawnCurves(page: Page, figure: Locator): Promise<{ name: string; points: number }[]> {
  const text = (await saved(page, figure, 'SVG')).bytes.toString();
  return [...text.matchAll(/<path d="([^"]*)"[^>]*data-curve="([^"]*)"/g)].map(([, path, name]) => ({
    name: name!,
    points: [...path!.matchAll(/[ML]/g)].length,
  }));
}

/** A number as the figures write it. */
export function toNumber(text: string): number {
  const plain = text.replaceAll(',', '').replace('−', '-');
  const scientific = /^(.+) × 10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.exec(plain);
  if (scientific === null) return Number(plain);
  const exponent = [...scientific[3]!].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)).join('');
  return Number(`${scientific[1]}e${scientific[2] === '' ? '' : '-'}${exponent}`);
}
