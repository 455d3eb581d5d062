/** What is said before anything is fetched. */
import type { GivenPlan } from './folderWheels';
import type { XlaPlan } from './plan';

/** For people: `2.3 GB`. */
export function bytesText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e7 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function toFetch({ wheels }: Pick<XlaPlan, 'wheels'>): number {
  return wheels.reduce((sum, { size }) => sum + size, 0);
}

export function onDisk({ wheels }: Pick<XlaPlan, 'wheels'>): number {
  return wheels.reduce((sum, { unpacked }) => sum + unpacked, 0);
}

/** @param folder where it goes; @param from the folder that has the wheels, where they need not be fetched */
export function planText(plan: XlaPlan | GivenPlan, folder: string, from?: string): string {
  const { source, gpu } = plan;
  const wheels = 'given' in plan ? plan.given : plan.wheels;
  const width = Math.max(...wheels.map(({ name, version }) => name.length + version.length)) + 3;
  const lines = wheels.map(({ name, version, size }) => `  ${`${name} ${version}`.padEnd(width)}${bytesText(size)}`);
  const total = bytesText(wheels.reduce((sum, { size }) => sum + size, 0));
  return [
    gpu ? `${gpu.name} was found${gpu.driver ? `, with driver ${gpu.driver}` : ''}.` : undefined,
    `XLA’s plugin for ${source.computesOn}: ${total} from ${from ?? 'the Python package index'}`,
    ...lines,
    `It goes to ${folder} (${bytesText(onDisk(plan))}).`,
    `Needed: ${source.needs}.`,
    `Terms: ${source.terms}.`,
    gpu || source.platform === 'cpu' ? undefined : 'No such GPU was found: without one, nothing will be installed.',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/** The same for programs. */
export function planJson(plan: XlaPlan, folder: string) {
  const { source, wheels, gpu } = plan;
  return {
    platform: source.platform,
    computesOn: source.computesOn,
    gpu: gpu?.name,
    wheels: wheels.map(({ file, sha256, size }) => ({ file, sha256, size })),
    toFetch: bytesText(toFetch(plan)),
    onDisk: bytesText(onDisk(plan)),
    folder,
    needs: source.needs,
    terms: source.terms,
  };
}
