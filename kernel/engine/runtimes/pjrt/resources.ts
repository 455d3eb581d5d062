/** What a client has on its devices: freed once, when nobody uses it any more, and before the client itself. */
export class Resources {
  private readonly living = new Map<bigint, { free: () => void; uses: number; doomed: boolean }>();
  private closing: (() => void) | undefined;
  /** Frees what was forgotten. */
  private readonly forgotten = new FinalizationRegistry<bigint>((address) => this.free(address));

  /** @param owner with it, what lies at the address is freed at the latest */
  add(owner: object, address: bigint, free: () => void): void {
    this.living.set(address, { free, uses: 0, doomed: false });
    this.forgotten.register(owner, address, owner);
  }

  /** Disposed of by its owner. */
  release(owner: object, address: bigint): void {
    this.forgotten.unregister(owner);
    this.free(address);
  }

  get count(): number {
    return this.living.size;
  }

  /** None of these goes while this is pending. */
  async during<T>(addresses: readonly bigint[], work: () => Promise<T>): Promise<T> {
    const used = addresses.flatMap((address) => this.living.get(address) ?? []);
    used.forEach((one) => one.uses++);
    try {
      return await work();
    } finally {
      used.forEach((one) => one.uses--);
      addresses.forEach((address) => this.living.get(address)?.doomed && this.free(address));
    }
  }

  /** Frees all; `last` comes when all is freed. */
  close(last: () => void): void {
    this.closing = last;
    [...this.living.keys()].forEach((address) => this.free(address));
    this.closeIfEmpty();
  }

  private free(address: bigint): void {
    const one = this.living.get(address);
    if (!one) return;
    if (one.uses > 0) {
      one.doomed = true;
      return;
    }
    this.living.delete(address);
    one.free();
    this.closeIfEmpty();
  }

  private closeIfEmpty(): void {
    if (this.living.size > 0) return;
    const last = this.closing;
    this.closing = undefined;
    last?.();
  }
}
