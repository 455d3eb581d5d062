/** What a wheel's file name says: https://packaging.python.org/specifications/binary-distribution-format */
export interface WheelName {
  /** The file's own name. */
  file: string;
  /** The package, as people write it: `jax-cuda13-pjrt`. */
  name: string;
  version: string;
  /** What it runs on: `manylinux_2_27_x86_64`. */
  tags: string[];
}

export interface Machine {
  platform: string;
  arch: string;
}

const ENDINGS: Readonly<Record<string, { system: string; ending: RegExp }>> = {
  'linux-x64': { system: 'Linux on x64', ending: /^(many)?linux.*_x86_64$/ },
  'linux-arm64': { system: 'Linux on arm64', ending: /^(many)?linux.*_aarch64$/ },
  'win32-x64': { system: 'Windows on x64', ending: /^win_amd64$/ },
  'win32-arm64': { system: 'Windows on arm64', ending: /^win_arm64$/ },
  'darwin-arm64': { system: 'macOS on arm64', ending: /^macosx_.*_(arm64|universal2)$/ },
  'darwin-x64': { system: 'macOS on x64', ending: /^macosx_.*_(x86_64|universal2)$/ },
};

/** Undefined if the name is not that of a wheel. */
export function wheelName(file: string): WheelName | undefined {
  const parts = /^([\w.]+)-([\w.!+]+)(?:-\d\w*)?-[\w.]+-[\w.]+-([\w.]+)\.whl$/.exec(file);
  if (!parts) return undefined;
  const [, name, version, tags] = parts as unknown as [string, string, string, string];
  return { file, name: name.replace(/[_.]+/g, '-').toLowerCase(), version, tags: tags.split('.') };
}

export function runsOn({ tags }: WheelName, machine: Machine): boolean {
  const { ending } = ENDINGS[keyOf(machine)] ?? {};
  return tags.some((tag) => tag === 'any' || ending?.test(tag));
}

/** For people: `Linux on x64`. */
export function systemOf({ tags }: WheelName): string {
  const found = Object.values(ENDINGS).find(({ ending }) => tags.some((tag) => ending.test(tag)));
  return found?.system ?? tags.join(', ');
}

export function keyOf({ platform, arch }: Machine): string {
  return `${platform}-${arch}`;
}

export function systemName(machine: Machine): string {
  return ENDINGS[keyOf(machine)]?.system ?? `${machine.platform} on ${machine.arch}`;
}

/** Whether a version is this one or later; of numbers with dots, as these packages have them. */
export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (let i = 0; i < Math.max(a!.length, b!.length); i++) {
    const difference = (a![i] ?? 0) - (b![i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
