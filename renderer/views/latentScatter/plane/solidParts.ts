/** What three dimensions need beyond two: one chunk. */
export { boxMarks } from './boxMarks';
export { boxOf, turnedSpace } from './solid';
