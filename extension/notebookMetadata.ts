/** What a notebook's metadata says that it was written for. */
export function namesIn(metadata: Record<string, unknown>): { kernel?: string; languages: (string | undefined)[] } {
  const { kernelspec, language_info: language } = (metadata.metadata ?? metadata) as {
    kernelspec?: { name?: string; language?: string };
    language_info?: { name?: string };
  };
  return { kernel: kernelspec?.name, languages: [kernelspec?.language, language?.name] };
}

/** Tags of a cell, such as `raises-exception`: where VS Code keeps what `.ipynb` has, or an earlier version of it did. */
export function tagsIn(metadata: Record<string, unknown> | undefined): string[] {
  const { tags: own, metadata: inner } = (metadata ?? {}) as { tags?: unknown; metadata?: { tags?: unknown } };
  const tags = inner?.tags ?? own;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}
