import type { Plugin } from './plugin';
import type { Resources } from './resources';

/** What tensors and programs on a device need to know of their client. */
export interface Context {
  readonly plugin: Plugin;
  readonly resources: Resources;
}
