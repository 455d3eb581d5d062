/** The gradients that tfjs lacks, those that it has wrong or only for some shapes, and calls that it takes only so. */
import { mendBroadcasts } from './broadcasts';
import { mendCalls } from './calls';
import { mendCustomGradients } from './customGradients';
import { mendMaxima } from './maxima';
import { mendPooling } from './pooling';
import { mendDilations } from './dilated';
import { registerEinsum } from './einsum';
import { registerIndexing } from './indexing';
import { registerMoves } from './moves';
import { mendResizing } from './resizing';
import { registerScans } from './scans';
import { mendShapes } from './shapes';
import { registerVolumes } from './volumes';
import { registerZeroGradients } from './zero';

let registered = false;

/** Registers them with tfjs; a second call does nothing. */
export function registerGradients(): void {
  if (registered) return;
  registered = true;
  registerZeroGradients();
  registerEinsum();
  registerIndexing();
  registerMoves();
  registerScans();
  registerVolumes();
  mendBroadcasts();
  mendShapes();
  mendMaxima();
  mendPooling();
  mendResizing();
  mendDilations();
  mendCustomGradients();
  mendCalls();
}
