/** How long a folder of many runs takes to stand in the view: read by a kernel, and drawn by a page. */
import path from 'node:path';
import { KernelClient } from '../../client';
import { packageRoot } from '../../engine/packageRoot';
import { MIME } from '../../views/index';
import { BenchBrowser } from '../views/page';

export interface Opened {
  /** Milliseconds from the call of `compare` until its output is there. */
  read: number;
  /** Milliseconds from that output until its pixels can be read. */
  drawn: number;
}

export class ViewBench {
  private constructor(
    private readonly browser: BenchBrowser,
    private readonly folder: string,
  ) {}

  static async open(folder: string): Promise<ViewBench> {
    return new ViewBench(await BenchBrowser.open(), folder);
  }

  get browserName(): string {
    return this.browser.name;
  }

  /** In a kernel and a page of their own: nothing is known of the sweep, and no code of the view is warm. */
  async once(sweep: string): Promise<Opened> {
    const { view, read } = await this.viewOf(sweep);
    const page = await this.browser.page();
    try {
      await page.evaluate((json) => window.bench.setUpView('sweep', json), view);
      return { read, drawn: await page.evaluate(() => window.bench.draw()) };
    } finally {
      await page.close();
    }
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  private async viewOf(sweep: string): Promise<{ view: unknown; read: number }> {
    let view: unknown;
    let at = 0;
    const kernel = await KernelClient.start({
      kernelMain: path.join(packageRoot(), 'dist', 'kernel', 'main.js'),
      ...{ device: 'wasm', folder: this.folder },
      onMessage(message) {
        if (message.type !== 'display' || message.bundle[MIME.sweep] === undefined) return;
        view = message.bundle[MIME.sweep];
        at = performance.now();
      },
      onExit: () => {},
    });
    try {
      const cell = (id: string, code: string) => kernel.execute({ id, cellName: id, language: 'typescript', code });
      await cell('cell 1', `import { compare } from 'latentlab';`);
      const start = performance.now();
      const { error } = await cell('cell 2', `await compare(${JSON.stringify(sweep)})`);
      if (error) throw new Error(error.stack);
      if (view === undefined) throw new Error('compare showed no view of the sweep.');
      return { view, read: at - start };
    } finally {
      await kernel.shutdown();
    }
  }
}
