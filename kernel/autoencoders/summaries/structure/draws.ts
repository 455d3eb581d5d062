/** Where randomness meets what is computed: a latent is its posterior's numbers and noise, a corrupted x is x and noise. */
import type { Flow } from './flow';

/** Something that is drawn, and what it is drawn with. */
export interface Drawn {
  readonly id: string;
  readonly title: string;
  readonly from: ReadonlySet<string>;
  readonly shape: readonly number[];
  /** What it is: a latent of a posterior, data with noise, or noise alone. */
  readonly kind: 'latent' | 'corrupted' | 'noise';
}

export interface Drawing {
  readonly flows: readonly Flow[];
  readonly drawn: readonly Drawn[];
}

/** ε, by any of its names. */
const REPARAMETERISES = /^eps|ε/i;

/**
 * Puts a separate part in place of noise and of what it is added to.
 *
 * @param noise the names of what the model draws
 * @param data the names of the batch: what is drawn about it alone is it, corrupted
 * @param seesPosterior whether a term looks at the numbers of q(z|x) beside what is drawn of it
 */
export function withDraws(
  flows: readonly Flow[],
  noise: ReadonlySet<string>,
  data: ReadonlySet<string>,
  seesPosterior: (term: string) => boolean,
): Drawing {
  const found = new Map<string, Drawn & { base: ReadonlySet<string> }>();
  const isLatentNoise = (name: string) => noise.has(name) && REPARAMETERISES.test(name);
  const replaced = (flow: Flow): Flow => {
    const { from, to, isTerm, shape } = outer(flow);
    let rest = new Set(from);
    for (const one of [...found.values()].toReversed()) {
      if (one.kind === 'noise' || ![...one.base].every((name) => rest.has(name) || (isTerm && noise.has(name))))
        continue;
      if (![...one.base].some((name) => noise.has(name) && rest.has(name))) continue;
      // A term may look at what a latent is made of beside it; all others look at the latent.
      rest = new Set(
        [...rest].filter((name) => !one.base.has(name) || (isTerm && !noise.has(name) && seesPosterior(to))),
      );
      rest.add(one.id);
    }
    const noises = [...rest].filter((name) => noise.has(name));
    const others = [...rest].filter((name) => !noise.has(name));
    const own = noises.filter(isLatentNoise);
    const corrupts = others.length > 0 && others.every((name) => data.has(name)) && own.length < noises.length;
    const makes = corrupts ? noises : own;
    if (makes.length > 0 && others.length > 0 && !isTerm) {
      // What another one is made of stands beside what is drawn.
      const nearest = others.filter((name) => !others.some((other) => other !== name && isMadeOf(other, name, flows)));
      const base = new Set([...makes, ...nearest.filter((name) => corrupts || !data.has(name) || others.length === 1)]);
      const id = `drawn ${[...base].sort().join(' ')}`;
      const title = corrupts ? `${others[0]}̃` : '';
      found.set(id, { id, title, from: base, base, shape, kind: corrupts ? 'corrupted' : 'latent' });
      rest = new Set([...[...rest].filter((name) => !base.has(name)), id]);
    }
    for (const name of [...rest].filter((one) => noise.has(one))) {
      found.set(name, { id: name, title: name, from: new Set(), base: new Set([name]), shape, kind: 'noise' });
    }
    return { to, isTerm, shape, from: rest };
  };
  // What a part draws for itself, one level after the other, is its own business.
  const outer = (flow: Flow): Flow => {
    if (flow.isTerm || !flow.from.has(flow.to)) return flow;
    return { ...flow, from: new Set([...flow.from].filter((name) => name !== flow.to && !isLatentNoise(name))) };
  };
  const size = ({ from }: Flow) => [...from].filter((name) => noise.has(name)).length * 100 + from.size;
  const ordered = flows.filter(({ isTerm }) => !isTerm).toSorted((a, b) => size(a) - size(b));
  const done = new Map(ordered.map((flow) => [flow, replaced(flow)]));
  const networks = flows.filter(({ isTerm }) => !isTerm).map((flow) => done.get(flow)!);
  const terms = flows.filter(({ isTerm }) => isTerm).map(replaced);
  const drawn = [...found.values()].map(({ base, ...one }) => ({
    ...one,
    from: new Set([...base].filter((name) => !noise.has(name))),
  }));
  return { flows: [...networks, ...terms].filter(({ from }) => from.size > 0), drawn: named(drawn) };
}

/** z, or z₁, z₂, … by the levels of what they are made of, or in their order. */
function named(drawn: readonly Drawn[]): Drawn[] {
  const latents = drawn.filter(({ kind }) => kind === 'latent');
  const levels = latents.map(({ from }) =>
    Math.max(1, ...[...from].map((name) => Number(/\.(\d+)$/.exec(name)?.[1] ?? 0))),
  );
  const areLevels = new Set(levels).size === latents.length;
  return drawn.map((one) => {
    if (one.kind !== 'latent') return one;
    const at = latents.indexOf(one);
    return { ...one, title: latents.length === 1 ? 'z' : `z${areLevels ? levels[at]! : at + 1}` };
  });
}

/** Whether one name feeds another, over any number of flows. */
function isMadeOf(made: string, source: string, flows: readonly Flow[], seen = new Set<string>()): boolean {
  if (seen.has(made)) return false;
  seen.add(made);
  return flows.some(
    ({ to, from, isTerm }) =>
      !isTerm && to === made && (from.has(source) || [...from].some((name) => isMadeOf(name, source, flows, seen))),
  );
}
