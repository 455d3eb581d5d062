/** Nothing but a use: up to here the collector leaves alone what only an address is known of elsewhere. */
export function keep(used: object): void {
  void used;
}
