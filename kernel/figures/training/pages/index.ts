import { latents } from './latents';
import { optimizer } from './optimizer';
import type { Page } from './page';
import { stack } from './stack';
import { terms } from './terms';

/** The first is what one sees first. */
export const PAGES: readonly Page[] = [terms, stack, latents, optimizer];
