/** The host's end of the bridge: answers what a suite asks of the window. See `bridge.ts` for what each operation means. */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { artifact } from './artifacts.mjs';
import { locate, onElement } from './elements.mjs';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./bridge').BridgeRequest} BridgeRequest
 */

/**
 * Listens on a pipe in a folder that only this user can enter: a Unix socket, or a named pipe on Windows.
 *
 * @param {Page} page
 * @param {string} folder
 * @returns {Promise<{ path: string; close: () => Promise<void> }>}
 */
export async function startBridge(page, folder) {
  const path = process.platform === 'win32' ? `\\\\.\\pipe\\latentlab-${process.pid}` : join(folder, 'bridge');
  const onWindow = windowOperations(page);
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A suite that ends in the middle of an answer is no failure of the host.
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', async (line) => {
      const answer = await answerTo(page, onWindow, JSON.parse(line));
      if (!socket.destroyed) socket.write(JSON.stringify(answer) + '\n');
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(undefined));
  });
  const close = () =>
    new Promise((/** @type {(value: void) => void} */ resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { path, close };
}

/**
 * @param {Page} page
 * @param {ReturnType<typeof windowOperations>} onWindow
 * @param {BridgeRequest} request
 * @returns {Promise<import('./bridge').BridgeAnswer>}
 */
async function answerTo(page, onWindow, request) {
  const { id, scope, selector = '' } = request;
  try {
    if (scope) return { id, result: await operation(onElement, request)(locate(page, scope, selector), request) };
    return { id, result: await operation(onWindow, request)(request) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * @template T
 * @param {Record<string, T>} operations
 * @param {BridgeRequest} request
 * @returns {T}
 */
function operation(operations, { operation: name }) {
  const found = operations[name];
  if (!found)
    throw new Error(`The host has no operation "${name}" there; it has ${Object.keys(operations).join(', ')}.`);
  return found;
}

/**
 * @param {Page} page
 * @returns {Record<string, (request: BridgeRequest) => unknown>}
 */
function windowOperations(page) {
  const first = page.viewportSize() ?? { width: 0, height: 0 };
  const { errors, foreignRequests } = watch(page);
  return {
    screenshot: async ({ text = '' }) => {
      const path = await artifact(text);
      await page.screenshot({ path });
      return path;
    },
    print: ({ text }) => console.log(text),
    press: ({ text = '' }) => page.keyboard.press(text),
    type: ({ text = '' }) => page.keyboard.type(text),
    resize: ({ width = first.width, height = first.height }) => page.setViewportSize({ width, height }),
    errors: ({ text = '' }) => errors.filter((error) => error.includes(text)),
    foreignRequests: () => foreignRequests,
  };
}

/**
 * Keeps what goes wrong in the window, and which addresses the outputs ask for.
 *
 * @param {Page} page
 */
function watch(page) {
  /** @type {string[]} */
  const errors = [];
  /** @type {string[]} */
  const foreignRequests = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const isNetwork = /^(https?|wss?):$/.test(protocol);
    // VS Code's name for extension files, which the webview's service worker answers: never leaves the machine.
    const isLocal = hostname === '127.0.0.1' || hostname.endsWith('.vscode-resource.vscode-cdn.net');
    if (!isNetwork || isLocal || request.serviceWorker() || request.isNavigationRequest()) return;
    if (isOutputFrame(request.frame())) foreignRequests.push(request.url());
  });
  return { errors, foreignRequests };
}

/** @param {import('playwright-core').Frame} frame */
const isOutputFrame = (frame) => frame.parentFrame()?.url().includes('purpose=notebookRenderer') ?? false;
