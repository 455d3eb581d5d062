/** What a notebook's metadata says that it was written for. */
export function namesIn(metadata: Record<string, unknown>): { kernel?: string; languages: (string | undefined)[] } {
  const { kernelspec, language_info: language } = (metadata.metadata ?? metadata) as {
    kernelspec?: { name?: string; language?: string };
    language_info?: { name?: string };
  };
  return { kernel: kernelspec?.name, languages: [kernelspec?.language, language?.name] };
}
