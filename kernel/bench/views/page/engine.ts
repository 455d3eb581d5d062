/** Where an engine draws, and how it is loaded. */

export const WIDTH = 900;
export const HEIGHT = 420;
export const COLOURS = ['#1f519d', '#c5490d', '#03846b', '#d46ab1', '#2898f9', '#b18f08', '#7e49c9', '#71391e', '#404852', '#759a6e']; // prettier-ignore

export function place(): HTMLElement {
  const element = document.createElement('div');
  element.id = 'drawn';
  element.style.cssText = `width: ${WIDTH}px; min-height: ${HEIGHT}px`;
  document.body.append(element);
  return element;
}

interface Renderer {
  renderOutputItem(item: object, element: HTMLElement, signal: AbortSignal): Promise<void>;
}

async function ourRenderer(
  hear: (listener: (message: unknown) => void) => void,
  tell: (message: unknown) => void,
): Promise<Renderer> {
  const { activate } = (await import(`${location.origin}/ours/index.js`)) as {
    activate(context: object): Renderer;
  };
  const messaging = { postMessage: tell, onDidReceiveMessage: hear };
  return activate({ getState: () => undefined, setState: () => undefined, ...messaging });
}

/** @returns what shows a view in our renderer */
export async function ours(
  kind: string,
  view: unknown,
  hear: (listener: (message: unknown) => void) => void = () => undefined,
  tell: (message: unknown) => void = () => undefined,
) {
  const renderer = await ourRenderer(hear, tell);
  return async () => {
    const mime = `application/vnd.latentlab.${kind}+json`;
    await renderer.renderOutputItem({ id: 'bench', mime, json: () => view }, place(), new AbortController().signal);
  };
}

type Peer = Record<string, unknown>;
/** A peer's module. */
export const peer = async (name: string) => (await import(`${location.origin}/peers/${name}.js`)) as { default: Peer };

export interface PlotlyPeer {
  relayout(element: HTMLElement, change: object): Promise<unknown>;
  react(element: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
}
