/** What a first frame does not need: one chunk, loaded with the first of it that is wanted. */
export { framesOf } from './plane/frames';
export { Scrubber } from './plane/scrubber';
export { printScatter } from './print';
export { Selecting } from './selection/selecting';
export { standIn } from './slot';
export { Ways } from './ways/ways';
