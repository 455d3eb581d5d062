/** Cells of every kind that do not end by themselves, and cells that have to run after their interrupt. */

/** Says that it is under way past the kernel's own streams, which wait for the end of a turn. */
const UNDER_WAY = "require('node:fs').writeSync(1, 'under way\\n');";

export const KINDS: Record<string, string> = {
  'an endless loop': `${UNDER_WAY} while (true);`,
  'an endless loop behind an await': `await null; ${UNDER_WAY} while (true);`,
  'an endless chain of microtasks': `${UNDER_WAY} while (true) await null;`,
  'an endless chain of turns': `${UNDER_WAY} while (true) await new Promise((r) => setImmediate(r));`,
  'a chain of ticks': `const tick = () => process.nextTick(tick); ${UNDER_WAY} tick(); await new Promise(() => {});`,
  // Sees by its interval that it has been stopped; its last turns are left to it.
  'ticks behind the end': `const tick = () => process.nextTick(tick); let seen = performance.now(); setInterval(() => (seen = performance.now()), 1); const turn = () => { const from = performance.now(); while (performance.now() - from < 5); if (performance.now() - seen > 100) tick(); else setImmediate(turn); }; turn(); ${UNDER_WAY} await new Promise(() => {});`,
  'a loop that catches everything': `${UNDER_WAY} for (;;) { try { await new Promise((r) => setTimeout(r, 1)); } catch {} }`,
  'a wait for nothing': `${UNDER_WAY} await new Promise(() => {});`,
  'an endless loop in a timer': `setTimeout(() => { ${UNDER_WAY} while (true); }, 1); await new Promise(() => {});`,
  'an interval': `setInterval(() => {}, 1); ${UNDER_WAY} await new Promise(() => {});`,
  'native calls': `${UNDER_WAY} while (true) require('node:crypto').pbkdf2Sync('a', 'b', 2000, 32, 'sha1');`,
  'a flood of prints': `${UNDER_WAY} while (true) console.log('flood');`,
  'calls of the file system': `${UNDER_WAY} while (true) require('node:fs').readdirSync('.');`,
  'promises of the file system': `${UNDER_WAY} while (true) await require('node:fs/promises').readdir('.');`,
  'a child process that is waited for':
    "require('node:child_process').execSync('echo under way; sleep 60', { stdio: 'inherit' })",
  'a child process beside': `const { spawn } = require('node:child_process'); const child = spawn('sleep', ['60']); ${UNDER_WAY} await new Promise((r) => child.on('exit', () => setTimeout(r, 60_000)));`,
  'an import': "globalThis.round = (globalThis.round ?? 0) + 1; await import('./endless.mjs?' + globalThis.round)",
  'a training': `import { VAE } from 'latentlab'; const trained = new VAE({ input: 4, latent: 2, hidden: [8] }); ${UNDER_WAY} await trained.fit(Array.from({ length: 64 }, (_, i) => [i % 2, 0.5, 1, 0]), { epochs: 100_000 });`,
};

export const ORDINARY: [code: string, text: string][] = [
  ['1 + 1', '2'],
  ['await null; await new Promise((r) => setTimeout(r, 1)); console.log("printed"); "awaited"', "'awaited'"],
];
