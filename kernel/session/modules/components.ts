/** The order in which modules run: what a module imports comes first, and modules that import each other are one. */
import type { OwnModule } from './ownModule';

/** Gives every module that can be reached, and has none, its component. Tarjan's algorithm (1972). */
export function findComponents(root: OwnModule): void {
  const index = new Map<OwnModule, number>();
  const lowest = new Map<OwnModule, number>();
  const open: OwnModule[] = [];
  const finished: OwnModule[] = [];

  const visit = (module: OwnModule): void => {
    index.set(module, index.size);
    lowest.set(module, index.get(module)!);
    open.push(module);
    for (const { module: next } of module.links) {
      if (!next || next.component) continue;
      if (!index.has(next)) visit(next);
      lowest.set(module, Math.min(lowest.get(module)!, lowest.get(next)!));
    }
    finished.push(module);
    if (lowest.get(module) === index.get(module)) {
      const members = new Set(open.splice(open.indexOf(module)));
      const component = { modules: finished.filter((one) => members.has(one)), state: 'waiting' as const };
      for (const member of members) member.component = component;
    }
  };
  if (!root.component) visit(root);
}
