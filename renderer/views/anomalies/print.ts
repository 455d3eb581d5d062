/** Scores and cases as a file, as in the kernel's own picture. */
import type { Anomalies } from '../../../kernel/figures/anomalies/data';
import { anomaliesPicture } from '../../../kernel/figures/anomalies/picture';
import type { AnomalyChoices } from '../../../kernel/figures/anomalies/picture';
import { coloursOf, markElement } from '../../figure/marks';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { printMeasure } from '../../panels/printed';
import { PRINT_THEME } from '../../theme';
import { sampleElements } from '../traversal/print';

export function printAnomalies(data: Anomalies, choices: AnomalyChoices, width: number): SvgImage {
  const { marks, cells, bottom } = anomaliesPicture(data, choices, { width, widthOf: printMeasure() });
  const colours = coloursOf(PRINT_THEME);
  const samples = cells.flatMap(({ place, isReconstruction, box }) => {
    const sample = (isReconstruction ? data.reconstructions! : data.inputs)[place]!;
    return sampleElements(sample, data.shape, data.range, box);
  });
  return standalone([...marks.map((mark) => markElement(mark, colours)), ...samples], width, bottom, PRINT_THEME);
}
