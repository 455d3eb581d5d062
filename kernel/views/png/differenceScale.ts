import { printColours } from '../../figures/colours';
import type { ColourRole } from '../../figures/marks';
import { colourScaleMarks, type ScalePlace } from '../../figures/reconstructions/scale';
import type { Context } from './canvas';
import { paintMarks } from './figures/paintMarks';
import { diverging } from './palette';

/** The colour scale of signed differences, from −limit to limit. */
export function drawScale(context: Context, place: ScalePlace, limit: number, unit = ''): void {
  paintMarks(context, colourScaleMarks(place, { limit, unit, colourOf }), printColours);
}

const colourOf = (share: number): ColourRole => {
  const [red, green, blue] = diverging(share).map((byte) => byte.toString(16).padStart(2, '0'));
  return `#${red}${green}${blue}`;
};
