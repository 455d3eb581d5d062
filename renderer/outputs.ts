/**
 * The outputs of one page: which element shows which view. A host renders the same element again without disposing of it,
 * hides and shows it without saying so, and disposes of all at once by naming none.
 */
import { VIEW_VERSION } from '../kernel/views/types';
import type { Channel, KernelLink } from './channel';
import { h } from './dom';
import { messageOf } from './errors';
import { FrameQueue } from './frameQueue';
import type { Frames } from './frameQueue';
import { asViewOfOurs, loadView } from './registry';
import type { SettingsStore, ViewSettings } from './settings';
import type { ThemeWatcher } from './theme';
import type { OpenView } from './view';

export interface Item {
  id: string;
  mime: string;
  json(): unknown;
}

export interface Services {
  link: KernelLink;
  settings: SettingsStore;
  theme: ThemeWatcher;
}

/** The name by which VS Code knows that it should show the output's next MIME type instead. */
export const FALLBACK_ERROR = 'vscode.fallbackToNextRenderer';

interface Shown {
  mime: string;
  channel: Channel;
  settings: ViewSettings;
  view: OpenView;
}

interface Output {
  id: string;
  element: HTMLElement;
  /** Counts requests, so that one that was overtaken while code was loading is left out. */
  generation: number;
  /** Renders of one element run one after the other. */
  queue: Promise<void>;
  shown: Shown | undefined;
  notice: HTMLElement | undefined;
}

export class Outputs {
  private readonly outputs = new Map<HTMLElement, Output>();

  constructor(private readonly services: Services) {}

  /**
   * Draws an output, or updates it in place when its element already shows the same kind of view.
   * @throws an error named {@link FALLBACK_ERROR} (rejects) when the view cannot be drawn, after a line that says why
   */
  render(item: Item, element: HTMLElement, signal?: AbortSignal): Promise<void> {
    const output = this.outputFor(item.id, element);
    const generation = ++output.generation;
    const turn = output.queue.then(() => {
      const overtaken = signal?.aborted || generation !== output.generation || this.outputs.get(element) !== output;
      return overtaken ? undefined : this.show(output, item);
    });
    // A failed render is its caller's to hear about; the next one starts afresh.
    output.queue = turn.catch(() => undefined);
    return turn;
  }

  /** @param id of the item that goes; all of them when absent */
  dispose(id?: string): void {
    for (const output of [...this.outputs.values()]) {
      if (id !== undefined && output.id !== id) continue;
      this.clear(output);
      this.outputs.delete(output.element);
    }
  }

  private outputFor(id: string, element: HTMLElement): Output {
    for (const other of this.outputs.values()) {
      if (other.id === id && other.element !== element) this.dispose(id);
    }
    const known = this.outputs.get(element);
    if (known !== undefined) return Object.assign(known, { id });
    const output: Output = {
      id,
      element,
      generation: 0,
      queue: Promise.resolve(),
      shown: undefined,
      notice: undefined,
    };
    this.outputs.set(element, output);
    return output;
  }

  private async show(output: Output, item: Item): Promise<void> {
    try {
      const json = await asViewOfOurs(item.mime, item.json());
      const viewId = readHeader(json, item.mime);
      if (output.shown?.mime === item.mime) update(output.shown, viewId, json);
      else await this.open(output, item.mime, viewId, json);
    } catch (error) {
      this.giveUp(output, item, error);
    }
  }

  private async open(output: Output, mime: string, viewId: string, json: unknown): Promise<void> {
    const module = await loadView(mime);
    if (module === undefined) throw new Error(`no view for ${mime}`);
    if (this.outputs.get(output.element) !== output) return;
    this.clear(output);
    const queue = new FrameQueue((frames) => {
      if (output.shown?.channel === channel) receive(output.shown, frames);
    });
    const channel = this.services.link.open(viewId, (frame) => queue.push(frame));
    const settings = this.services.settings.of(viewId);
    try {
      const view = await module.open({ parent: output.element, theme: this.services.theme, channel, settings }, json);
      output.shown = { mime, channel, settings, view };
      // For styles and tests of the host: what this output shows, once it is drawn.
      output.element.dataset.latentlabView = mime;
      // The output went away while the view was loading its code.
      if (this.outputs.get(output.element) !== output) this.clear(output);
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  private giveUp(output: Output, item: Item, error: unknown): never {
    this.clear(output);
    const message = `LatentLab cannot draw this output (${item.mime}): ${messageOf(error)}. The saved picture is shown instead.`;
    console.warn(message, error);
    output.notice = h('p', { role: 'note' }, message);
    output.element.append(output.notice);
    const fallback = new Error(message, { cause: error });
    fallback.name = FALLBACK_ERROR;
    throw fallback;
  }

  private clear(output: Output): void {
    output.notice?.remove();
    output.notice = undefined;
    const { shown } = output;
    if (shown === undefined) return;
    output.shown = undefined;
    delete output.element.dataset.latentlabView;
    shown.channel.close();
    shown.view.dispose();
  }
}

function update(shown: Shown, viewId: string, json: unknown): void {
  shown.channel.viewId = viewId;
  shown.settings.retarget(viewId);
  shown.view.update(json);
}

function receive({ view, channel }: Shown, { whole, changes, isComplete }: Frames): void {
  try {
    if (whole !== undefined) view.update(whole);
    const isUpToDate = isComplete && (changes.length === 0 || view.change(changes));
    if (!isUpToDate) channel.watch();
    view.setProblem(null);
  } catch (error) {
    view.setProblem(`A live state from the kernel could not be drawn: ${messageOf(error)}`);
  }
}

/** @throws Error unless this is an object of a version that we know */
function readHeader(json: unknown, mime: string): string {
  if (typeof json !== 'object' || json === null || !('version' in json)) {
    throw new Error(`expected an object with a version, found ${JSON.stringify(json)?.slice(0, 60)}`);
  }
  if (json.version !== VIEW_VERSION) {
    const found = JSON.stringify(json.version);
    throw new Error(`it has version ${found}, and this LatentLab draws version ${VIEW_VERSION} of ${mime}`);
  }
  if (!('id' in json) || typeof json.id !== 'string') throw new Error('it has no id');
  return json.id;
}
