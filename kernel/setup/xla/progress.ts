/** Shows how far a wheel has come: in one line of a terminal, and elsewhere by a line at its begin. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LockedWheel } from './locked';
import { bytesText } from './words';

/** Milliseconds between two looks. */
const INTERVAL = 200;

/**
 * @param position `[2/14]`
 * @param folder where the file grows, however deep
 */
export async function whileFetching<T>(
  wheel: LockedWheel,
  position: string,
  folder: string,
  fetch: () => Promise<T>,
): Promise<T> {
  const title = `${position} Fetching ${wheel.name} ${wheel.version}`;
  const terminal = process.stdout.isTTY;
  const whole = bytesText(wheel.size);
  process.stdout.write(terminal ? title : `${title} (${whole}) …\n`);
  let most = 0;
  let isOver = false;
  const look = async () => {
    // At the end pip moves it away.
    most = Math.max(most, await largest(folder));
    if (!isOver) rewrite(`${title}: ${bytesText(most)} of ${whole}`);
  };
  const timer = terminal ? setInterval(() => void look(), INTERVAL) : undefined;
  try {
    const fetched = await fetch();
    if (terminal) rewrite(`${title}: ${whole}`);
    return fetched;
  } finally {
    isOver = true;
    clearInterval(timer);
    if (terminal) process.stdout.write('\n');
  }
}

function rewrite(line: string): void {
  process.stdout.write(`\r\u001b[K${line}`);
}

/** Size of the largest file in a folder, or in those inside: pip writes one at a time. */
async function largest(folder: string): Promise<number> {
  // What is counted may be moved away meanwhile.
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map((name) =>
    stat(path.join(folder, name)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    ),
  );
  return Math.max(0, ...(await Promise.all(sizes)));
}
