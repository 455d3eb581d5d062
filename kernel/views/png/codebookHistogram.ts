import { codebookPicture } from '../../figures/codebook/picture';
import { printColours } from '../../figures/colours';
import { decode } from '../encoding';
import { splitSamples } from '../samples';
import type { CodebookHistogramView } from '../types';
import { drawPanels } from './figures/panels';
import { paintMarks } from './figures/paintMarks';
import { drawImage } from './images';
import { pageWidth } from './page';

const WIDTH = 860;

/** A codebook as the live view shows it before anyone has touched it, its tabs one below the other. */
export function codebookHistogramPng(view: CodebookHistogramView): Buffer {
  return drawPanels(pageWidth(WIDTH), (room) => {
    const { images, cells, ...picture } = codebookPicture(view, { decode, ...room });
    return {
      ...picture,
      paint: (context) => {
        const samples = view.maps ? splitSamples(view.maps.samples) : [];
        images.forEach(({ x: left, y: top, width, height }, i) =>
          drawImage(context, samples[i]!, view.maps!.shape, { left, top, width, height }),
        );
        paintMarks(context, cells, printColours);
      },
    };
  });
}
