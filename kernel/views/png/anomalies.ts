import { CURVES } from '../../figures/anomalies/charts';
import { anomalyNotes, CASES, decodedAnomalies } from '../../figures/anomalies/data';
import { anomaliesPicture } from '../../figures/anomalies/picture';
import { decode } from '../encoding';
import { splitSamples } from '../samples';
import type { AnomaliesView } from '../types';
import { drawPanels } from './figures/panels';
import { pageWidth } from './page';
import { drawSample } from './samples';

const WIDTH = 860;

/** Scores with their threshold as the live view shows them before anyone has touched it. */
export function anomaliesPng(view: AnomaliesView): Buffer {
  const data = decodedAnomalies(view, decode, splitSamples);
  const choices = { threshold: view.threshold, curve: CURVES[0], kind: CASES[0] };
  return drawPanels(pageWidth(WIDTH), (room) => {
    const { marks, cells, bottom } = anomaliesPicture(data, choices, room);
    return {
      ...{ panels: [], marks, bottom, notes: anomalyNotes(view) },
      paint: (context) => {
        for (const { place, isReconstruction, box } of cells) {
          const sample = (isReconstruction ? data.reconstructions! : data.inputs)[place]!;
          drawSample(context, sample, data.shape, data.range, box);
        }
      },
    };
  });
}
