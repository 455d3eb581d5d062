/**
 * A notebook webview as VS Code makes it, in the test's page: outputs are rendered again on the same element without being
 * disposed of, hidden by style, disposed of all at once; a renderer that gives up is followed by the saved picture; a click on a
 * link with a data address is taken away from the browser; keys that nobody claimed reach the notebook.
 */
import type { RendererApi } from 'vscode-notebook-renderer';
import { THEMES } from './themes';
import type { ThemeName } from './themes';

type Listener = (message: unknown) => void;

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

export class Host {
  /** What the renderer sent to the extension. */
  readonly messages: unknown[] = [];
  /** Files that the notebook would offer to save. */
  readonly downloads: { name: string; url: string }[] = [];
  /** Keys that reached the window: the notebook takes them for shortcuts. */
  readonly keys: string[] = [];
  readonly violations: string[] = [];
  private readonly listeners = new Set<Listener>();
  private readonly elements = new Map<string, HTMLElement>();
  private readonly rendered = new Map<string, { mime: string; json: unknown }>();
  private api: RendererApi | undefined;

  async activate(options: { messaging: boolean }): Promise<void> {
    const path = './index.js';
    const module = (await import(path)) as { activate(context: unknown): RendererApi | Promise<RendererApi> };
    this.api = await module.activate({
      getState: () => JSON.parse(sessionStorage.getItem('rendererState') ?? 'null') ?? undefined,
      setState: (state: unknown) => sessionStorage.setItem('rendererState', JSON.stringify(state)),
      getRenderer: () => Promise.resolve(undefined),
      workspace: { isTrusted: true },
      ...(options.messaging && {
        postMessage: (message: unknown) => this.messages.push(JSON.parse(JSON.stringify(message))),
        onDidReceiveMessage: (listener: Listener) => {
          this.listeners.add(listener);
          return { dispose: () => this.listeners.delete(listener) };
        },
      }),
    });
  }

  /** Renders a new output, or the same output again on its element. @returns the error's message when it fell back */
  async render(id: string, mime: string, json: unknown): Promise<string | null> {
    const element = this.elements.get(id) ?? this.createElement(id);
    this.rendered.set(id, { mime, json });
    const text = JSON.stringify(json);
    const item = {
      ...{ id, mime, metadata: {} },
      text: () => text,
      json: () => JSON.parse(text) as unknown,
      data: () => new TextEncoder().encode(text),
      blob: () => new Blob([text], { type: mime }),
    };
    try {
      await this.api!.renderOutputItem(item, element, new AbortController().signal);
      return null;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'vscode.fallbackToNextRenderer') throw error;
      const picture = document.createElement('img');
      picture.src = PIXEL;
      picture.alt = 'saved picture';
      element.append(picture);
      return error.message;
    }
  }

  element(id: string): HTMLElement {
    return this.elements.get(id)!;
  }

  private createElement(id: string): HTMLElement {
    const element = document.createElement('div');
    element.className = 'output';
    element.id = id;
    document.querySelector('main')!.append(element);
    this.elements.set(id, element);
    return element;
  }

  hide(id: string): void {
    this.element(id).style.display = 'none';
  }

  unhide(id: string): void {
    this.element(id).style.display = '';
  }

  /** One output, or all without an id. */
  dispose(id?: string): void {
    this.api!.disposeOutputItem?.(id);
    for (const [one, element] of [...this.elements]) {
      if (id !== undefined && one !== id) continue;
      element.remove();
      this.elements.delete(one);
    }
  }

  /** A message from the extension. */
  send(message: unknown): void {
    for (const listener of [...this.listeners]) listener(message);
  }

  setTheme(name: ThemeName): void {
    const { kind, variables } = THEMES[name];
    document.body.dataset.vscodeThemeKind = kind;
    document.body.className = kind;
    for (const [key, value] of Object.entries(variables)) document.documentElement.style.setProperty(key, value);
  }
}

const host = new Host();
Object.assign(window, { host });
document.body.addEventListener('click', (event) => {
  if (!event.view?.document) return;
  for (const node of event.composedPath()) {
    if (!(node instanceof HTMLAnchorElement) || !node.href.startsWith('data:')) continue;
    host.downloads.push({ name: node.download, url: node.href });
    event.preventDefault();
    return;
  }
});
window.addEventListener('keydown', (event) => host.keys.push(event.key));
document.addEventListener('securitypolicyviolation', (event) =>
  host.violations.push(`${event.violatedDirective}: ${event.blockedURI}`),
);
