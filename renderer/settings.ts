/**
 * What a reader chose in a figure (smoothing, axes, hidden classes), by view id. Kept in the host's renderer state, so that it
 * outlives a rebuilt webview, and never in the document.
 */

type Value = boolean | number | string | string[] | number[];
type Choices = Record<string, Value>;

/** Views remembered; the one that was changed longest ago is forgotten first. */
const MAX_VIEWS = 200;

export class SettingsStore {
  private readonly views: Map<string, Choices>;

  /**
   * @param saved what {@link save} was given in an earlier life of the page, if that is known
   * @param save  keeps a JSON object
   */
  constructor(
    saved: unknown,
    private readonly save: (state: Record<string, Choices>) => void = () => undefined,
  ) {
    this.views = new Map(isRecord(saved) ? Object.entries(saved).filter(isChoices) : []);
  }

  of(viewId: string): ViewSettings {
    return new ViewSettings(viewId, this);
  }

  get(viewId: string, key: string): Value | undefined {
    return this.views.get(viewId)?.[key];
  }

  set(viewId: string, key: string, value: Value): void {
    const choices = { ...this.views.get(viewId), [key]: value };
    this.views.delete(viewId);
    this.views.set(viewId, choices);
    const oldest = this.views.keys().next().value;
    if (this.views.size > MAX_VIEWS && oldest !== undefined) this.views.delete(oldest);
    this.save(Object.fromEntries(this.views));
  }
}

/** The choices of one view. Each getter answers the fallback when nothing of its type was chosen. */
export class ViewSettings {
  constructor(
    private viewId: string,
    private readonly store: SettingsStore,
  ) {}

  /** Continues under the id of the view that took this one's place. */
  retarget(viewId: string): void {
    this.viewId = viewId;
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.store.get(this.viewId, key);
    return typeof value === 'boolean' ? value : fallback;
  }

  number(key: string, fallback: number): number {
    const value = this.store.get(this.viewId, key);
    return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
  }

  numbers(key: string): number[] | undefined {
    const value = this.store.get(this.viewId, key);
    return Array.isArray(value) && value.every((one) => typeof one === 'number') ? (value as number[]) : undefined;
  }

  text(key: string): string | undefined {
    const value = this.store.get(this.viewId, key);
    return typeof value === 'string' ? value : undefined;
  }

  texts(key: string): string[] | undefined {
    const value = this.store.get(this.viewId, key);
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? (value as string[]) : undefined;
  }

  set(key: string, value: Value): void {
    this.store.set(this.viewId, key, value);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isChoices(entry: [string, unknown]): entry is [string, Choices] {
  return isRecord(entry[1]);
}
