/** A graph without arrows that another way says as well. */
import type { Drawn } from './draws';
import type { Flow } from './flow';

/**
 * Leaves out what reaches a part only inside of something else that reaches it:
 *
 * - x, and variables, when another source is made from them;
 * - what comes before one of several parts of one name and a number: their layers add to it;
 * - for terms of many parts the networks that another one of them sees.
 */
export function withoutDetours(flows: readonly Flow[], drawn: readonly Drawn[]): Flow[] {
  const into = new Map<string, Set<string>>();
  const add = (to: string, from: Iterable<string>) => into.set(to, new Set([...(into.get(to) ?? []), ...from]));
  for (const { to, from, isTerm } of flows) if (!isTerm) add(to, from);
  for (const { id, from } of drawn) add(id, from);
  const sources = new Set([...into.keys()]);
  const isRandom = new Set(drawn.map(({ id }) => id));
  const isNoise = new Set(drawn.filter(({ kind }) => kind === 'noise').map(({ id }) => id));
  return flows.map((flow) => {
    const kept = [...flow.from].filter((name) => {
      const others = [...flow.from].filter((other) => other !== name);
      // Which of several values was drawn counts once, where it first does.
      if (isNoise.has(name) && others.some((other) => !isNoise.has(other) && reaches(name, other, into))) return false;
      const isInside = others.some((other) => reaches(name, other, into));
      if (!isInside || reachesBack(name, others, into)) return true;
      if (name === 'y') return true;
      const isFixed = !sources.has(name);
      if (flow.isTerm) return flow.from.size <= 4 || name === 'x' || isRandom.has(name);
      if (isRandom.has(name)) return true;
      if (others.some((other) => stem(other) !== undefined && reaches(name, other, into))) return false;
      return !isFixed;
    });
    return { ...flow, from: new Set(kept.length > 0 ? kept : flow.from) };
  });
}

/** Whether one part is among what another is made of. */
function reaches(from: string, to: string, into: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>([to]);
  const open = [to];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const source of into.get(at) ?? []) {
      if (source === from) return true;
      if (seen.has(source)) continue;
      seen.add(source);
      open.push(source);
    }
  }
  return false;
}

/** Whether two parts feed each other; then neither is inside of the other. */
function reachesBack(name: string, others: readonly string[], into: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const dominating = others.filter((other) => reaches(name, other, into));
  return dominating.every((other) => reaches(other, name, into));
}

function stem(name: string): string | undefined {
  return /^(.*?)\.?\d+$/.exec(name)?.[1];
}
