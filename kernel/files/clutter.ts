/** Files that systems and programs leave in anyone's folder: they say nothing of what the folder is. */
const CLUTTER = [
  // macOS
  /^\.DS_Store$/,
  /^\._/,
  /^Icon\r$/,
  /^\.(Spotlight-V100|Trashes|fseventsd|TemporaryItems|AppleDouble|LSOverride|apdisk)$/,
  // Windows
  /^(desktop\.ini|ehthumbs(_vista)?\.db|thumbs\.db)$/i,
  // Linux desktops and network drives: a file that was removed while a program has it open
  /^\.directory$/,
  /^\.Trash-\d+$/,
  /^\.nfs[0-9a-f]+$/i,
  /^\.fuse_hidden/,
  // Synchronised folders and version control
  /^\.dropbox(\.attr)?$/,
  /^@eaDir$/,
  /^\.git(keep|ignore|attributes)$/,
  /^\.ipynb_checkpoints$/,
];

export function isClutter(name: string): boolean {
  return CLUTTER.some((pattern) => pattern.test(name));
}
