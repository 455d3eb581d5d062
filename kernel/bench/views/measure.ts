/** One workload on one engine, once. */
import type { Page } from 'playwright-core';
import { codebook, losses, toldTraining } from './data';
import type { BenchBrowser, TraceEvent } from './page';
import { VIEW_WORKLOADS } from './workloads';
import type { ViewEngine, ViewWorkload, ViewWorkloadName } from './workloads';

export interface Timed {
  /** Milliseconds. */
  times: number[];
  /** The longest that the main thread was not free in one go, where that is watched. */
  longest?: number;
}

export async function measureOnce(
  browser: BenchBrowser,
  name: ViewWorkloadName,
  engine: ViewEngine,
  share: number,
): Promise<Timed> {
  const workload: ViewWorkload = VIEW_WORKLOADS[name];
  const points = Math.max(1000, Math.round(workload.points * share));
  const times = Math.max(1, Math.round(workload.times * share));
  const page = await browser.page();
  try {
    if (name === 'curves-10k-update') return await updates(browser, page, engine, points, times);
    if (name === 'codebook-65536-first-frame') {
      await page.evaluate(([one, counts]) => window.bench.setUpCodebook(one, counts), [
        engine,
        codebook(points),
      ] as const);
      return { times: [await page.evaluate(() => window.bench.draw())] };
    }
    await page.evaluate(([one, n]) => window.bench.setUpScatter(one, n), [engine, points] as const);
    const first = await page.evaluate(() => window.bench.draw());
    if (name === 'scatter-1m-first-frame') return { times: [first] };
    if (name === 'scatter-1m-lasso') return { times: [await lasso(page, engine)] };
    if (name === 'scatter-100k-hover') return await hover(browser, page, times);
    return await moved(page, engine, name === 'scatter-1m-pan' ? 'pan' : 'zoom', times);
  } finally {
    await page.close();
  }
}

async function updates(
  browser: BenchBrowser,
  page: Page,
  engine: ViewEngine,
  points: number,
  times: number,
): Promise<Timed> {
  const warmUp = Math.ceil(times / 20);
  const values = losses(points + times + warmUp);
  const told = engine === 'latentlab' ? toldTraining(values, points, values[0]!.length) : { view: null, changes: [] };
  const given = { values: engine === 'latentlab' ? [] : values, from: points, ...told };
  await page.evaluate(([one, curves]) => window.bench.setUpCurves(one, curves), [engine, given] as const);
  await page.evaluate((to) => window.bench.updateCurves(0, to), warmUp);
  const events = await browser.traced(page, () =>
    page.evaluate(([from, to]) => window.bench.updateCurves(from, to), [warmUp, warmUp + times] as const),
  );
  return busyBetweenMarks(events);
}

/** Milliseconds that an engine gets for its frames. */
const PATIENCE_MS = 6000;

/** Where the pointer stands while it moves the scatter. */
const MIDDLE = { x: 340, y: 230 };

async function moved(page: Page, engine: ViewEngine, how: 'pan' | 'zoom', times: number): Promise<Timed> {
  const ours = engine === 'latentlab';
  const area = ours ? page.getByRole('application') : page.locator('#drawn');
  const box = (await area.boundingBox())!;
  const at = { x: box.x + MIDDLE.x, y: box.y + MIDDLE.y };
  await page.mouse.move(at.x, at.y);
  if (ours) await page.keyboard.down(how === 'pan' ? 'Shift' : 'Control');
  if (how === 'pan') await page.mouse.down();
  const act = async (i: number) => {
    if (how === 'zoom') await page.mouse.wheel(0, i % 12 < 6 ? -60 : 60);
    else await page.mouse.move(at.x + 6 * (i % 12), at.y + 4 * (i % 7));
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  };
  for (let i = 0; i < 3; i++) await act(i);
  await page.evaluate(() => window.bench.drained());
  const taken: number[] = [];
  const begun = performance.now();
  // Some take seconds for a frame.
  for (let i = 0; i < times && (i < 3 || performance.now() - begun < PATIENCE_MS); i++) {
    const start = performance.now();
    await act(i + 3);
    await page.evaluate(() => window.bench.drained());
    taken.push(performance.now() - start);
  }
  if (how === 'pan') await page.mouse.up();
  return { times: taken };
}

async function lasso(page: Page, engine: ViewEngine): Promise<number> {
  const area = engine === 'latentlab' ? page.getByRole('application') : page.locator('#drawn');
  const box = (await area.boundingBox())!;
  const corners = await page.evaluate(() => window.bench.lasso());
  if (typeof corners === 'number') return corners;
  for (const [i, [x, y]] of corners.entries()) {
    await page.mouse.move(box.x + x, box.y + y);
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
  return page.evaluate(() => window.bench.lassoEnded());
}

async function hover(browser: BenchBrowser, page: Page, times: number): Promise<Timed> {
  const box = (await page.locator('#drawn').boundingBox())!;
  const at = { x: box.x + MIDDLE.x, y: box.y + MIDDLE.y };
  await page.mouse.move(at.x, at.y);
  await page.evaluate(() => window.bench.markMoves());
  const events = await browser.traced(page, async () => {
    for (let i = 0; i <= times; i++) {
      await page.mouse.move(at.x + 3 * (i % 20), at.y + 5 * (i % 13));
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    }
  });
  return busyBetweenMarks(events);
}

/** How long the page's main thread was busy between each two marks. */
function busyBetweenMarks(events: readonly TraceEvent[]): Timed {
  const marks = events.filter(({ name, ph }) => name === 'bench' && (ph === 'I' || ph === 'R'));
  const [first] = marks;
  if (!first) throw new Error('The trace has no marks.');
  const tasks = events
    .filter(({ name, ph, pid, tid }) => ph === 'X' && /RunTask$/.test(name) && pid === first.pid && tid === first.tid)
    .sort((a, b) => a.ts - b.ts);
  const starts = marks.map(({ ts }) => ts).sort((a, b) => a - b);
  const times = new Array<number>(starts.length - 1).fill(0);
  let longest = 0;
  let at = 0;
  for (const { ts, dur = 0 } of tasks) {
    if (ts + dur < starts[0]! || ts > starts.at(-1)!) continue;
    while (at < times.length - 1 && ts >= starts[at + 1]!) at++;
    times[at]! += dur / 1000;
    longest = Math.max(longest, dur / 1000);
  }
  return { times, longest };
}
