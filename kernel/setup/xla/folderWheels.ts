/** Wheels that the user has in a folder: `--from FOLDER`. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from '../setupError';
import type { LockedWheel } from './locked';
import type { XlaPlan } from './plan';
import type { Wanted } from './sources';
import { unreadable } from './wheelFile';
import { isAtLeast, runsOn, systemName, systemOf, wheelName, type Machine, type WheelName } from './wheelName';

export interface GivenWheel extends WheelName {
  /** The file, absolute. */
  path: string;
  /** Its bytes. */
  size: number;
  /** Its hash as it has to be; absent for a version that was not looked into: its own list of hashes has to do. */
  sha256?: string;
}

export interface GivenPlan extends XlaPlan {
  given: GivenWheel[];
}

/**
 * The first plan whose plugin lies in the folder, with its wheels: the version that was looked into, else the latest.
 *
 * @throws SetupError naming the wheels that are missing
 */
export function givenPlan(plans: readonly XlaPlan[], folder: string, machine: Machine): GivenPlan {
  const names = filesIn(folder).flatMap((file) => wheelName(file) ?? []);
  const plan = plans.find(({ source }) => names.some(({ name }) => name === source.wheels[0]!.name)) ?? plans[0]!;
  const missing: string[] = [];
  const given: GivenWheel[] = [];
  for (const [i, wanted] of plan.source.wheels.entries()) {
    const locked = plan.wheels[i]!;
    const found = chosen(names, wanted, locked, machine);
    if (found) given.push(givenWheel(found, folder, locked));
    else missing.push(locked.file + instead(names, wanted, machine));
  }
  if (missing.length === 0) return { ...plan, given };
  throw new SetupError(
    `${folder} lacks ${missing.length === 1 ? 'a wheel' : `${missing.length} wheels`} of XLA’s plugin for ` +
      `${plan.source.computesOn}:\n${missing.map((line) => `  ${line}`).join('\n')}`,
  );
}

/** Names of its files; a folder may have the name of a wheel, and a link may lead nowhere. @throws SetupError */
function filesIn(folder: string): string[] {
  try {
    const isFile = (name: string) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.isFile();
    return readdirSync(folder).filter(isFile);
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function chosen(
  names: readonly WheelName[],
  { name, atLeast }: Wanted,
  locked: LockedWheel,
  machine: Machine,
): WheelName | undefined {
  const fitting = names.filter((wheel) => wheel.name === name && runsOn(wheel, machine));
  const exact = fitting.find(({ file }) => file === locked.file);
  if (exact) return exact;
  const late = fitting.filter(({ version }) => isAtLeast(version, atLeast));
  return late.sort((a, b) => (isAtLeast(a.version, b.version) ? -1 : 1))[0];
}

function givenWheel(found: WheelName, folder: string, locked: LockedWheel): GivenWheel {
  const file = path.join(folder, found.file);
  return {
    ...found,
    path: file,
    size: statSync(file).size,
    sha256: found.file === locked.file ? locked.sha256 : undefined,
  };
}

/** What there is of that package, and why it will not do. */
function instead(names: readonly WheelName[], { name, atLeast }: Wanted, machine: Machine): string {
  const found = names.find((wheel) => wheel.name === name);
  if (!found) return '';
  if (!runsOn(found, machine)) {
    return ` (found ${found.file}, which is for ${systemOf(found)}; this is ${systemName(machine)})`;
  }
  return ` (found ${found.version}; ${atLeast} or later is needed)`;
}
