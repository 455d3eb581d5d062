/** What three dimensions need beyond two: one chunk. */
export { boxMarks } from '../../../../kernel/figures/scatter/boxMarks';
export { boxOf, thirdAxis, turnedSpace } from '../../../../kernel/figures/scatter/solidSpace';
