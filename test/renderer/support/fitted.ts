/** What the views of the tests are made of: seeded numbers, and components of real images. */
import { fashion, Pca } from './fashion';

/** Seeded numbers in 0…1 (mulberry32), so that every run draws the same figures. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

let cached: { images: ReturnType<typeof fashion>; pca: Pca } | undefined;

/** Principal components of 1,500 images, fitted once in a process. */
export function fitted() {
  if (cached === undefined) {
    const images = fashion(1500);
    cached = { images, pca: Pca.fit(images, 16) };
  }
  return cached;
}
