/** `npm install` for what the tests provide themselves with. */
import { spawn } from 'node:child_process';

const FLAGS = [
  '--omit=dev',
  '--ignore-scripts',
  '--engine-strict=false',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

/**
 * Installs what the folder's `package.json` names, with the user's npm configuration and without install scripts.
 *
 * @param {string} cwd
 * @throws {Error} When npm fails; its last lines are in the message.
 */
export async function npmInstall(cwd) {
  await npm(cwd, 'install');
}

/**
 * The same for a folder whose `package-lock.json` says exactly what.
 *
 * @param {string} cwd
 * @throws {Error} When npm fails; its last lines are in the message.
 */
export async function npmCi(cwd) {
  await npm(cwd, 'ci');
}

/**
 * How npm is called: inside an npm script, the same npm; else the one on the PATH.
 *
 * @returns {[command: string, ...args: string[]]}
 */
export function npmCommand() {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? [process.execPath, script] : ['npm'];
}

/**
 * @param {string} cwd
 * @param {'install' | 'ci'} how
 */
async function npm(cwd, how) {
  const [command, ...first] = npmCommand();
  const child = spawn(command, [...first, how, ...FLAGS], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (data) => (said += data));
  child.stderr.on('data', (data) => (said += data));
  await new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`npm could not be started: ${error.message}`)));
    child.once('close', (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`"npm ${how}" failed with ${code} in ${cwd}:\n${said.slice(-3000)}`));
    });
  });
}
