/** The process in which one rung with native code is tried: `probeMain.js RUNG`, its parent listening over IPC. */
import { prove, type Proof } from './proof';
import { RUNGS } from './rungs';

process.on('disconnect', () => process.exit(0));

const rung = RUNGS.find(({ name }) => name === process.argv[2]);
const answer: Proof = rung ? await prove(rung) : { usable: false, reason: `there is no device ${process.argv[2]}` };
process.send?.(answer, () => process.exit(0));
