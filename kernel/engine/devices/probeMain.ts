/** The process in which one rung with native code is tried: `probeMain.js RUNG THREADS`, its parent listening over IPC. */
import { prove, type Proof } from './proof';
import { vary } from '../variation';
import { RUNGS } from './rungs';

process.on('disconnect', () => process.exit(0));

const [, , name, threads] = process.argv;
if (threads !== undefined) vary({ threads: Number(threads) });
const rung = RUNGS.find(({ name: own }) => own === name);
const answer: Proof = rung ? await prove(rung) : { usable: false, reason: `there is no device ${name}` };
process.send?.(answer, () => process.exit(0));
