/**
 * Saving a figure. VS Code's webviews turn a click on a connected `<a download>` with a base64 `data:` address into its
 * save dialog; a browser downloads it. Neither needs the network.
 */
import { h } from '../dom';

/** A drawing that stands alone. */
export interface SvgImage {
  markup: string;
  width: number;
  height: number;
}

/** Device pixels per unit in saved pictures: enough for print at column width. */
export const PNG_SCALE = 3;

export function saveText(fileName: string, mime: string, text: string): void {
  saveDataUrl(fileName, `data:${mime};base64,${toBase64(text)}`);
}

export function saveDataUrl(fileName: string, url: string): void {
  const link = h('a', { href: url, download: fileName, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
}

/** PNG as a data address. The drawing goes through a `data:` image, which content policies of notebooks allow. */
export async function rasterize({ markup, width, height }: SvgImage): Promise<string> {
  const image = new Image();
  const loaded = new Promise<void>((resolve, reject) => {
    image.onload = () => resolve();
    image.onerror = () => reject(new Error('The browser could not draw the figure for saving.'));
  });
  image.src = `data:image/svg+xml;base64,${toBase64(markup)}`;
  await loaded;
  const canvas = h('canvas', { width: Math.round(width * PNG_SCALE), height: Math.round(height * PNG_SCALE) });
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser provided no canvas to draw the figure on.');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png');
}

export function toBase64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** `Latent space of VAE, 2 latents` → `latent-space-of-vae-2-latents` */
export function fileStem(title: string): string {
  const stem = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return stem === '' ? 'figure' : stem.slice(0, 80);
}
