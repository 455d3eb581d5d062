/** VS Code's four default themes, as far as our figures read them. */
export const THEMES = {
  light: {
    kind: 'vscode-light',
    variables: {
      '--vscode-editor-background': '#ffffff',
      '--vscode-editor-foreground': '#3b3b3b',
      '--vscode-focusBorder': '#005fb8',
      '--vscode-errorForeground': '#f85149',
      '--vscode-progressBar-background': '#005fb8',
    },
  },
  dark: {
    kind: 'vscode-dark',
    variables: {
      '--vscode-editor-background': '#1f1f1f',
      '--vscode-editor-foreground': '#cccccc',
      '--vscode-focusBorder': '#0078d4',
      '--vscode-errorForeground': '#f85149',
      '--vscode-progressBar-background': '#0078d4',
    },
  },
  'high-contrast': {
    kind: 'vscode-high-contrast',
    variables: {
      '--vscode-editor-background': '#000000',
      '--vscode-editor-foreground': '#ffffff',
      '--vscode-focusBorder': '#f38518',
      '--vscode-errorForeground': '#f48771',
      '--vscode-progressBar-background': '#6fc3df',
    },
  },
  'high-contrast-light': {
    kind: 'vscode-high-contrast-light',
    variables: {
      '--vscode-editor-background': '#ffffff',
      '--vscode-editor-foreground': '#292929',
      '--vscode-focusBorder': '#006bbd',
      '--vscode-errorForeground': '#b5200d',
      '--vscode-progressBar-background': '#006bbd',
    },
  },
} as const;

export type ThemeName = keyof typeof THEMES;
export const THEME_NAMES = Object.keys(THEMES) as ThemeName[];
