import { printColours } from '../../figures/colours';
import type { Place } from '../../figures/marks';
import { colourScaleMarks } from '../../figures/reconstructions/scale';
import { hexOf } from '../scatter/colourScale';
import type { Context } from './canvas';
import { paintMarks } from './figures/paintMarks';
import { diverging } from './palette';

/** The colour scale of signed differences, from −limit to limit. */
export function drawScale(context: Context, place: Place, limit: number, unit = ''): void {
  paintMarks(context, colourScaleMarks(place, { limit, unit, colourOf }), printColours);
}

const colourOf = (share: number) => hexOf(diverging(share));
