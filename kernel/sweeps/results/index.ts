/** A sweep's results: their format, and how they are read and written. */
export * from './format';
export { hasModel, leaveModel } from './model';
export * from './places';
export { plannedRecord, readRecord, readReports, readSweep, SweepFolderError } from './read';
export type { Damage, ReadOptions, RunResult, SweepResults } from './read';
export { StandingReports } from './standing';
export type { HalvingRung } from './standing';
export { thinned } from './thin';
export { appendLog, appendReports, replaceReports, writeCurves, writeRecord, writeSweep } from './write';
