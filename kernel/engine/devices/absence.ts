import { createRequire } from 'node:module';
import { builtPackage } from './builtPackage';
import type { RungDefinition } from './rung';

/** Why a rung cannot be used, where that shows without running anything. */
export function absence({ optionalPackage, absent }: RungDefinition): string | undefined {
  if (!optionalPackage || isInstalled(optionalPackage.name)) return absent?.();
  const { name, note } = optionalPackage;
  return `not installed; \`npm install ${name}\` adds it (${note})`;
}

function isInstalled(packageName: string): boolean {
  if (builtPackage(packageName)) return true;
  try {
    createRequire(import.meta.url).resolve(packageName);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}
