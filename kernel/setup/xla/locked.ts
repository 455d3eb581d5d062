/** The wheels that were looked into, with their sizes and hashes. */
import wheels from './wheels.json';
import { runsOn, wheelName, type Machine, type WheelName } from './wheelName';

export interface LockedWheel extends WheelName {
  sha256: string;
  /** Bytes to fetch. */
  size: number;
  /** Bytes of what is unpacked. */
  unpacked: number;
}

const LOCKED: LockedWheel[] = Object.entries(wheels).map(([file, facts]) => ({ ...wheelName(file)!, ...facts }));

/** The wheel of a package for this machine. @throws where the table of sources names one that was not locked */
export function lockedWheel(name: string, machine: Machine): LockedWheel {
  const found = LOCKED.find((wheel) => wheel.name === name && runsOn(wheel, machine));
  if (!found) throw new Error(`wheels.json has no ${name} for ${machine.platform} on ${machine.arch}.`);
  return found;
}
