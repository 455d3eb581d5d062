/** Code that is loaded when it is first wanted: what a first frame does not need. */
export class Lazy<T> {
  /** What was made; undefined until it is there. */
  there: T | undefined;
  private loading: Promise<T> | undefined;

  /** @param make loads the code and makes what is wanted, once */
  constructor(private readonly make: () => Promise<T>) {}

  load(): Promise<T> {
    this.loading ??= this.make().then((made) => (this.there = made));
    return this.loading;
  }

  /** At once where it is there, else as soon as it is. */
  use(action: (made: T) => void): void {
    if (this.there !== undefined) action(this.there);
    else
      this.load().then(action, (error: unknown) => console.error('LatentLab could not load a part of itself.', error));
  }
}
