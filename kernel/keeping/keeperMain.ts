/** The process of a keeper: told once what to keep, over a channel that is closed then. */
import { Keeper } from './keeper';
import type { KeeperOptions, KeeperStarted } from './frames';

// What the user ends in a terminal or a window is not meant for what outlives them.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

process.once('message', (options) => void keep(options as KeeperOptions));

async function keep(options: KeeperOptions): Promise<void> {
  let answer: KeeperStarted;
  try {
    const keeper = new Keeper(options, () => process.exit(0));
    process.once('SIGTERM', () => keeper.kill());
    answer = { file: await keeper.listen() };
  } catch (error) {
    answer = { error: (error as Error).message };
  }
  process.send!(answer, () => {
    process.disconnect();
    if ('error' in answer) process.exit(1);
  });
}
