/** The gradients that tfjs lacks, those that it has wrong or only for some shapes, and calls that it takes only so. */
import { mendBroadcasts } from './broadcasts';
import { mendCalls } from './calls';
import { mendCustomGradients } from './customGradients';
import { mendPooling } from './pooling';
import { mendResizing } from './resizing';
import { mendShapes } from './shapes';
import { registerZeroGradients } from './zero';

let registered = false;

/** Registers them with tfjs; a second call does nothing. */
export function registerGradients(): void {
  if (registered) return;
  registered = true;
  registerZeroGradients();
  mendBroadcasts();
  mendShapes();
  mendPooling();
  mendResizing();
  mendCustomGradients();
  mendCalls();
}
