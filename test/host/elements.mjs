/** The bridge's operations on one element. None scrolls by itself: the notebook's list does that in its own way. */
import { decode } from 'fast-png';
import { artifact } from './artifacts.mjs';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('playwright-core').Locator} Locator
 * @typedef {import('./bridge').Box} Box
 * @typedef {NonNullable<import('./bridge').BridgeRequest['options']>} Options
 */

/** The nested frames in which VS Code draws the outputs of the notebook in front. */
const OUTPUTS = 'iframe.webview[src*="purpose=notebookRenderer"]:visible >> nth=0';

/** What VS Code's lists scroll by for each notch of the mouse wheel, in CSS pixels. */
const NOTCH = 50;
/** Looks for an element after which one that has not come is not coming. */
const MOST_LOOKS = 20;
/** Milliseconds within which an element that is drawn anew has to be there again. */
const PATIENCE = 30_000;

/**
 * @param {Page} page
 * @param {'workbench' | 'outputs'} scope
 * @param {string} selector
 * @returns {Locator} All elements that match.
 */
export function locate(page, scope, selector) {
  if (scope === 'workbench') return page.locator(selector);
  return page.frameLocator(OUTPUTS).frameLocator('iframe#active-frame').locator(selector);
}

/** @type {Record<string, (all: Locator, request: import('./bridge').BridgeRequest) => unknown>} */
export const onElement = {
  count: (all) => all.count(),
  box: (all, { options }) => boxOf(all, options),
  scrollTo: (all, { options }) => scrollTo(all, options),
  waitFor: (all, { options: { nth = 0, ...options } = {} }) => all.nth(nth).waitFor(options),
  text: (all, { options: { nth = 0, timeout } = {} }) => all.nth(nth).innerText({ timeout }),
  attribute: (all, { text = '', options: { nth = 0, timeout } = {} }) => all.nth(nth).getAttribute(text, { timeout }),
  press: (all, { text = '', options: { nth = 0, timeout } = {} }) => all.nth(nth).press(text, { timeout }),

  click: async (all, { options = {} }) => {
    const { x, y } = await pointOn(all, options);
    const { button, clickCount, modifiers = [] } = options;
    const { mouse, keyboard } = all.page();
    for (const key of modifiers) await keyboard.down(key);
    await mouse.click(x, y, { button, clickCount });
    for (const key of modifiers) await keyboard.up(key);
  },

  hover: async (all, { options = {} }) => {
    const { x, y } = await pointOn(all, options);
    await all.page().mouse.move(x, y);
  },

  pixels: async (all, { options }) => {
    const clip = inWindow(all.page(), await boxOf(all, options));
    return describePixels(await all.page().screenshot({ clip }));
  },

  screenshot: async (all, { options, text = '' }) => {
    const clip = inWindow(all.page(), await boxOf(all, options));
    const path = await artifact(text);
    await all.page().screenshot({ clip, path });
    return path;
  },

  evaluate: (all, { text, argument, options: { nth = 0, timeout } = {} }) =>
    all.nth(nth).evaluate(new Function(`return (${text})`)(), argument, { timeout }),
};

/**
 * Turns the mouse wheel over the notebook until the element rests in its part of the window: outputs above it may still
 * grow, and move it out again.
 *
 * @param {Locator} all
 * @param {Options} [options]
 */
async function scrollTo(all, options) {
  const page = all.page();
  const notebook = page.locator('.notebookOverlay .cell-list-container:visible').first();
  for (let look = 0; look < MOST_LOOKS; look++) {
    const list = await notebook.boundingBox();
    if (!list) throw new Error('No notebook is in front.');
    const box = await restingBox(all, options);
    const above = list.y - box.y;
    const below = box.y + box.height - (list.y + list.height);
    // An element taller than the notebook's part of the window is in place when its top is.
    if (above <= 0 && (below <= 0 || -above <= NOTCH)) return;
    await page.mouse.move(list.x + 8, list.y + list.height / 2);
    const distance = above > 0 ? above : Math.min(below, -above);
    const notch = above > 0 ? -120 : 120;
    for (let notches = Math.ceil(distance / NOTCH); notches > 0; notches--) await page.mouse.wheel(0, notch);
    await twoFrames(page);
  }
  throw new Error(`The element did not come into the window after ${MOST_LOOKS} turns of the wheel.`);
}

/**
 * Where an element is in the window, once it is visible. VS Code draws a line's decorations anew at any time, so that
 * what was visible may have gone when it is measured: it is waited for again.
 *
 * @param {Locator} all
 * @param {Options} [options]
 * @returns {Promise<Box>}
 */
async function boxOf(all, { nth = 0, timeout = PATIENCE } = {}) {
  const deadline = Date.now() + timeout;
  for (;;) {
    // Playwright takes 0 for no limit.
    await all.nth(nth).waitFor({ state: 'visible', timeout: Math.max(deadline - Date.now(), 1) });
    const element = await all
      .nth(nth)
      .elementHandle({ timeout: 1000 })
      .catch(() => null);
    const box = await element?.boundingBox();
    await element?.dispose();
    if (box) return box;
    if (Date.now() > deadline) throw new Error('The element has no box: it goes away each time that it is there.');
  }
}

/**
 * Where an element is once it has stayed there for two frames.
 *
 * @param {Locator} all
 * @param {Options} [options]
 * @returns {Promise<Box>}
 */
async function restingBox(all, options = {}) {
  let box = await boxOf(all, options);
  for (let look = 0; look < MOST_LOOKS; look++) {
    await twoFrames(all.page());
    const now = await boxOf(all, options);
    if (now.x === box.x && now.y === box.y && now.width === box.width && now.height === box.height) return now;
    box = now;
  }
  // Something that never rests, such as a figure below a running training, is pointed at where it is.
  return box;
}

/**
 * @param {Locator} all
 * @param {Options} options
 */
async function pointOn(all, options) {
  const box = await restingBox(all, options);
  const { x, y } = options.position ?? { x: box.width / 2, y: box.height / 2 };
  const point = { x: box.x + x, y: box.y + y };
  inWindow(all.page(), { ...point, width: 0, height: 0 });
  return point;
}

/**
 * The same box, if it is in the window; what is not cannot be clicked or seen.
 *
 * @param {Page} page
 * @param {Box} box
 */
function inWindow(page, box) {
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  const inside = box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height;
  if (inside) return box;
  const found = `x ${box.x}, y ${box.y}, ${box.width} × ${box.height}`;
  throw new Error(
    `The element (${found}) is not inside the window (${size.width} × ${size.height}): scrollTo or resize first.`,
  );
}

/**
 * Until the page has drawn what has just happened.
 *
 * @param {Page} page
 */
function twoFrames(page) {
  return page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/**
 * @param {Uint8Array} png
 * @returns {import('./bridge').Pixels}
 */
export function describePixels(png) {
  const { width, height, channels, data } = decode(png);
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (let at = 0; at < data.length; at += channels) {
    const colour = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  let [dominant, most] = [0, 0];
  for (const [colour, count] of counts) if (count > most) [dominant, most] = [colour, count];
  return {
    width,
    height,
    colours: counts.size,
    dominantShare: most / (width * height),
    dominant: `#${dominant.toString(16).padStart(6, '0')}`,
  };
}
