/** What a notebook can be exported to. */
export const EXPORT_FORMATS = ['html', 'md', 'ts', 'pdf'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export function isExportFormat(text: string): text is ExportFormat {
  return (EXPORT_FORMATS as readonly string[]).includes(text);
}
