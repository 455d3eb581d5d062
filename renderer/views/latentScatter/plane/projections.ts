/** Which space the axes are of: latent dimensions, principal components, an embedding; the latter two are the kernel's. */
import { embeddedSpace, latentSpace, principalSpace } from '../../../../kernel/figures/scatter/spaces';
import type { Space } from '../../../../kernel/figures/scatter/spaces';
import type { Projections as Saved } from '../../../../kernel/views/types';
import type { Channel } from '../../../channel';
import { decode } from '../../../data';
import { messageOf } from '../../../errors';
import type { ViewSettings } from '../../../settings';
import { parse } from '../../../view';
import { projectionsSchema } from '../model';
import type { LatentData } from '../model';

export type SpaceKind = Space['kind'];
type Asked = Exclude<SpaceKind, 'latent'> | 'umap3';
export const SPACES: readonly SpaceKind[] = ['latent', 'pca', 'umap'];

export interface ProjectionsContext {
  channel: Channel;
  settings: ViewSettings;
  data(): LatentData;
  /** The axes are of another space, or may be. */
  onChange(space: Space): void;
  /** How far the kernel has come, from 0 to 1; null: nothing is under way. */
  onProgress(share: number | null): void;
  onProblem(text: string | null): void;
}

export class Projections {
  kind: SpaceKind = 'latent';
  private known: Saved = {};
  private asking: Asked | undefined;

  constructor(private readonly context: ProjectionsContext) {}

  /** Why a space cannot be had now; null: it can. */
  problem(kind: SpaceKind): string | null {
    if (kind === 'latent' || this.known[kind] || this.context.channel.live) return null;
    return 'The kernel computes it: run the cell again';
  }

  /** The view has points, or others than before. */
  update(): void {
    const { data, settings } = this.context;
    this.known = { ...data().projections };
    const wanted = settings.text('space') ?? data().space ?? 'latent';
    this.kind = 'latent';
    const kind = SPACES.find((one) => one === wanted) ?? 'latent';
    if (kind !== 'latent') this.choose(kind, false);
  }

  /** @param isWish whether the reader has just chosen it */
  choose(kind: SpaceKind, isWish = true): void {
    const { settings, onProblem, onChange, data, channel } = this.context;
    if (isWish) settings.set('space', kind);
    onProblem(null);
    if (this.asking && this.asking !== kind) this.stop();
    if (kind === 'latent' || this.known[kind]) {
      this.kind = data().d > 2 ? kind : 'latent';
      onChange(this.space);
    } else if (channel.live && data().d > 2) void this.ask(kind);
  }

  /** Whether the kernel can place the points in three dimensions, where they are not yet. */
  get canEmbedSolid(): boolean {
    return this.kind === 'umap' && this.context.channel.live;
  }

  /** Has the kernel place the points in three dimensions. */
  embedSolid(): void {
    this.context.onProblem(null);
    if (this.asking && this.asking !== 'umap3') this.stop();
    if (this.asking === undefined) void this.ask('umap3');
  }

  /** Tells the kernel that it need not continue. */
  stop(): void {
    if (this.asking === undefined) return;
    this.asking = undefined;
    this.context.onProgress(null);
    this.context.channel.ask({ kind: 'stopProjecting' }).catch(() => undefined);
    this.context.onChange(this.space);
  }

  progress(share: number): void {
    if (this.asking) this.context.onProgress(share);
  }

  get space(): Space {
    const { pca, umap, umap3 } = this.known;
    if (this.kind === 'pca' && pca) {
      const [mean, directions, scores, shares] = [pca.mean, pca.directions, pca.scores, pca.shares].map(decode);
      return principalSpace({ mean: mean!, directions: directions!, scores: scores!, shares: shares! });
    }
    if (this.kind === 'umap' && umap) return embeddedSpace(decode(umap.places), umap3 && decode(umap3.places));
    return latentSpace(this.context.data());
  }

  private async ask(kind: Asked): Promise<void> {
    const { channel, data, onProgress, onProblem, onChange } = this.context;
    const asked = data();
    this.asking = kind;
    onProgress(0);
    try {
      const result = await channel.ask({ kind: 'project', by: kind });
      if (result.kind !== 'projected') throw new Error(`the kernel answered “${result.kind}”`);
      const found = parse(projectionsSchema, result.projections);
      if (asked !== data()) return;
      this.known = { ...this.known, ...found };
      if (this.asking !== kind) return;
      this.asking = undefined;
      if (kind !== 'umap3') this.kind = kind;
      onProgress(null);
      onChange(this.space);
    } catch (error) {
      if (this.asking !== kind) return;
      this.asking = undefined;
      onProgress(null);
      onProblem(`No ${kind === 'pca' ? 'PCA' : 'UMAP'}: ${messageOf(error)}`);
      onChange(this.space);
    }
  }
}
