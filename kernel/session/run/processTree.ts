/** Processes that other processes started, as the operating system tells. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * The children of a process and theirs, without those in `except` and theirs. Nothing on Windows, which keeps no such
 * tree.
 */
export function descendants(pid: number, except: ReadonlySet<number>): number[] {
  const children = new Map<number, number[]>();
  for (const [child, parent] of parents()) children.set(parent, [...(children.get(parent) ?? []), child]);
  const found: number[] = [];
  const visit = (parent: number): void => {
    for (const child of children.get(parent) ?? []) {
      if (except.has(child)) continue;
      found.push(child);
      visit(child);
    }
  };
  visit(pid);
  return found;
}

/** Every process with the one that started it. */
function parents(): [child: number, parent: number][] {
  if (process.platform === 'linux') return readdirSync('/proc').flatMap(parentOf);
  if (process.platform === 'win32') return [];
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
}

function parentOf(entry: string): [child: number, parent: number][] {
  if (!/^\d+$/.test(entry)) return [];
  try {
    // `pid (name) state ppid …`; the name may hold anything.
    const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    return [[Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

/**
 * Sends a signal; one that has ended meanwhile is what is wanted.
 *
 * @param pid negative: of a group of processes
 */
export function endProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // There is no such process.
  }
}
