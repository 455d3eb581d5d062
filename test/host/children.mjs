/** Child processes that never outlive this one, and waiting for what they print. */
import { spawn } from 'node:child_process';

/**
 * Starts a process that is ended, with its own children, when this process exits for any reason that it can see.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function startChild(command, args, options = {}) {
  // A separate group on POSIX: the server's extension host and pty host go with it.
  const child = spawn(command, args, { ...options, detached: process.platform !== 'win32' });
  const onExit = () => signalGroup(child, 'SIGKILL');
  process.once('exit', onExit);
  child.once('exit', () => {
    process.removeListener('exit', onExit);
    // What the leader left behind in its group ends too.
    signalGroup(child, 'SIGKILL');
  });
  return child;
}

/**
 * Ends a child in good order, or by force after `graceMs`.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} [graceMs]
 * @returns {Promise<void>} Fulfilled when the process is gone.
 */
export async function stopChild(child, graceMs = 5000) {
  if (hasEnded(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  signalGroup(child, 'SIGTERM');
  const force = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  await gone;
  clearTimeout(force);
}

/**
 * Waits until a child prints a line that matches.
 *
 * @param {import('node:child_process').ChildProcess} child With `stdout` and `stderr` as pipes.
 * @param {RegExp} pattern
 * @param {{ name: string; deadlineMs: number }} options
 * @returns {Promise<RegExpMatchArray>}
 */
export function waitForOutput(child, pattern, { name, deadlineMs }) {
  return new Promise((resolve, reject) => {
    let text = '';
    const said = () => (text.trim() ? `, having printed:\n${text.slice(-4000)}` : ', having printed nothing');
    const deadline = setTimeout(() => {
      done();
      reject(new Error(`${name} was not ready after ${deadlineMs / 1000} s${said()}`));
    }, deadlineMs);
    const onData = (/** @type {Buffer} */ data) => {
      text += data.toString();
      const match = text.match(pattern);
      if (!match) return;
      done();
      resolve(match);
    };
    const onExit = (/** @type {number | null} */ code, /** @type {string | null} */ signal) => {
      done();
      reject(new Error(`${name} ended with ${code ?? signal} before it was ready${said()}`));
    };
    const onError = (/** @type {Error} */ error) => {
      done();
      reject(new Error(`${name} could not be started: ${error.message}`));
    };
    const done = () => {
      clearTimeout(deadline);
      child.stdout?.off('data', onData);
      child.stderr?.off('data', onData);
      child.off('exit', onExit);
      child.off('error', onError);
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.on('exit', onExit);
    child.on('error', onError);
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function hasEnded(child) {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    // The group is gone already, which is what was wanted.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
