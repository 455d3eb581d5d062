import { createRequire } from 'node:module';
import { commandLine, isExtension } from '../commandLine';
import { builtPackage } from './builtPackage';
import { DAWN, fetchedDawn } from './dawn';
import type { RungDefinition } from './rung';

/** Why a rung cannot be used, where that shows without running anything. */
export function absence({ optionalPackage, absent }: RungDefinition): string | undefined {
  if (!optionalPackage || isInstalled(optionalPackage.name)) return absent?.();
  const { name, note, setUp } = optionalPackage;
  const how = setUp && isExtension() ? commandLine(setUp) : `npm install ${name}`;
  return `not installed; \`${how}\` adds it (${note})`;
}

function isInstalled(packageName: string): boolean {
  if (builtPackage(packageName) ?? (packageName === DAWN && fetchedDawn())) return true;
  try {
    createRequire(import.meta.url).resolve(packageName);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}
