/** Intel's GPUs, as Linux lists graphics cards. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** Intel's number among the makers of PCI devices. */
const INTEL = '0x8086';
/** Where the graphics of a processor are, in every machine that has them. */
const OF_THE_PROCESSOR = /^0000:00:02\.\d$/;
/** The driver of GPUs from Xe2 on; those of before have i915, whether they are cards or not. */
const XE = 'xe';

/**
 * A card of Intel's, or graphics in the processor that have the driver of the newer ones: oneAPI computes on these. The
 * older ones in processors are left out.
 *
 * @param root the root of the file system
 * @returns its name, with its article: `An Intel GPU (8086:56a0)`; undefined if there is none
 */
export function intelGpu(root: string): string | undefined {
  const cards = path.join(root, 'sys', 'class', 'drm');
  for (const name of entriesOf(cards).filter((entry) => /^card\d+$/.test(entry))) {
    const device = path.join(cards, name, 'device');
    if (read(device, 'vendor') !== INTEL) continue;
    const isInProcessor = OF_THE_PROCESSOR.test(path.basename(linkOf(device)));
    const driver = path.basename(linkOf(path.join(device, 'driver')));
    if (isInProcessor && driver !== XE) continue;
    const number = read(device, 'device')?.replace(/^0x/, '');
    return `An Intel GPU${number ? ` (8086:${number})` : ''}`;
  }
  return undefined;
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function read(folder: string, file: string): string | undefined {
  try {
    return readFileSync(path.join(folder, file), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Where a link leads, as it says itself; empty where there is none. */
function linkOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
