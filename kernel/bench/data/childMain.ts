/** The process that reads: `benchDataMain.js FILE TIMES`, answering once over IPC. */
import { loadData } from '../../autoencoders/data/index';
import type { Reading } from './formats';

const [file, times] = process.argv.slice(2);
const before = process.memoryUsage.rss();
const seconds: number[] = [];
let memory = 0;
for (let i = 0; i < Number(times); i++) {
  const start = performance.now();
  await loadData(file!);
  seconds.push((performance.now() - start) / 1000);
  // The most that was resident, in kilobytes.
  if (i === 0) memory = process.resourceUsage().maxRSS * 1024 - before;
}
const reading: Reading = { seconds, memory, reader: 'latentlab' };
process.send?.(reading);
process.disconnect();
