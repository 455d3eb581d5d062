/** Tabs: one part of a figure at a time, chosen by name. */
import { runKey } from '../accessibility';
import { h, setAttributes } from '../dom';

export interface Tab {
  id: string;
  title: string;
}

export class Tabs {
  readonly element: HTMLElement;
  private shown = '';
  private tabs: readonly Tab[] = [];

  /** @param label what the tabs are parts of; @param panel where the chosen one is shown */
  constructor(
    label: string,
    private readonly panel: HTMLElement,
    private readonly choose: (id: string) => void,
  ) {
    panel.id = 'page';
    this.element = h('div', { class: 'tabs', role: 'tablist', 'aria-label': label });
    this.element.addEventListener('keydown', (event) => this.onKey(event));
  }

  /** One alone need not be chosen, and is not shown. */
  show(tabs: readonly Tab[], chosen: string): void {
    const state = JSON.stringify([tabs, chosen]);
    if (state === this.shown) return;
    const hasFocus = this.element.contains((this.element.getRootNode() as ShadowRoot).activeElement);
    this.shown = state;
    this.tabs = tabs;
    this.element.hidden = tabs.length < 2;
    this.element.replaceChildren(
      ...tabs.map(({ id, title }) => {
        const isChosen = id === chosen;
        const attributes = { role: 'tab', id: `tab-${id}`, 'aria-selected': String(isChosen), 'aria-controls': 'page' };
        const tab = h('button', { type: 'button', ...attributes, tabindex: isChosen ? 0 : -1 }, title);
        tab.addEventListener('click', () => this.choose(id));
        return tab;
      }),
    );
    const isPart = tabs.length > 1;
    setAttributes(this.panel, {
      ...{ role: isPart ? 'tabpanel' : undefined, 'aria-labelledby': isPart ? `tab-${chosen}` : undefined },
    });
    if (hasFocus) this.chosenTab?.focus();
  }

  private get chosenTab(): HTMLElement | null {
    return this.element.querySelector('[aria-selected="true"]');
  }

  private onKey(event: KeyboardEvent): void {
    const at = [...this.element.children].indexOf(this.chosenTab!);
    const goTo = (index: number) => {
      this.choose(this.tabs[(index + this.tabs.length) % this.tabs.length]!.id);
      this.chosenTab?.focus();
    };
    runKey(event, {
      ArrowLeft: () => goTo(at - 1),
      ArrowRight: () => goTo(at + 1),
      Home: () => goTo(0),
      End: () => goTo(this.tabs.length - 1),
    });
  }
}
