/**
 * One part of tfjs-core's own test-suite, in a separate process that sends what happens to its parent:
 * `suite.mjs PART PARTS [PATTERN]` runs each PARTS-th spec of those whose full name matches.
 */
import { environment } from './environment';
import { beginUse, type Use } from './observedBackend';
import { subject } from './subject';
import '@tensorflow/tfjs-core/dist/tests';
import type { Node } from 'jasmine-core';
import type { Message } from './verdict.mjs';

const [part, parts, pattern = ''] = process.argv.slice(2);
const names = partOf(namesById(environment.topSuite()));
environment.configure({ random: false, forbidDuplicateNames: false, specFilter: ({ id }) => names.has(id) });

// Nobody would hear of what is still to come.
process.on('disconnect', () => process.exit(1));

let use: Use;
environment.addReporter({
  specStarted({ id }) {
    use = beginUse();
    const name = names.get(id);
    if (name !== undefined) send({ kind: 'started', name });
  },
  specDone({ id, status, failedExpectations }) {
    const name = names.get(id);
    if (name === undefined || (status !== 'passed' && status !== 'failed')) return;
    const errors = failedExpectations.map(({ message }) => message);
    send({ kind: 'spec', name, errors, kernels: [...use.kernels], lent: [...use.lent] });
  },
  suiteDone({ fullName, failedExpectations }) {
    for (const { message } of failedExpectations) send({ kind: 'error', message: `${fullName}: ${message}` });
  },
  jasmineDone({ failedExpectations }) {
    for (const { message } of failedExpectations) send({ kind: 'error', message });
  },
});
await environment.execute();
process.send?.({ kind: 'done', lowered: [...subject.kernels] } satisfies Message, () => process.exit());

function send(message: Message): void {
  process.send?.(message);
}

/** Full names of all specs in their order; those that are there already get a number. */
function namesById(top: Node): Map<string, string> {
  const found = new Map<string, string>();
  const counts = new Map<string, number>();
  const visit = (node: Node): void => {
    if (node.children) return node.children.forEach(visit);
    const name = node.getFullName();
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    found.set(node.id, count === 1 ? name : `${name} (${count})`);
  };
  visit(top);
  return found;
}

function partOf(all: ReadonlyMap<string, string>): Map<string, string> {
  const chosen = [...all].filter(([, name]) => new RegExp(pattern).test(name));
  return new Map(chosen.filter((_, i) => i % Number(parts) === Number(part)));
}
