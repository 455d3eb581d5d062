/** User settings for a VS Code of ours: no telemetry, no prompts, and nothing in the window but the notebook. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a person works. */
export const CALM_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.layoutControl.enabled': false,
  'workbench.colorTheme': 'Default Dark Modern',
  // A notebook named in the address is opened before its type is known; this says it in time.
  'workbench.editorAssociations': { '*.ipynb': 'jupyter-notebook' },
  'window.commandCenter': false,
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'json.schemaDownload.enable': false,
  'typescript.disableAutomaticTypeAcquisition': true,
};

/** Where a suite runs: besides, nothing happens that the suite did not ask for. */
export const TEST_SETTINGS = {
  ...CALM_SETTINGS,
  'window.restoreWindows': 'none',
  'git.enabled': false,
  'npm.autoDetect': 'off',
  // The desktop's default; the web's would save behind a suite's back.
  'files.autoSave': 'off',
  'files.simpleDialog.enable': true,
  // Kernels end with the window of a suite, unless it is about what they do without one.
  'latentlab.keepKernel.idleMinutes': 0,
  'latentlab.keepKernel.busyHours': 0.05,
  // An untrusted folder opens in restricted mode without a question.
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'always',
};

/**
 * Writes the settings into a user-data folder, desktop VS Code's and the server's alike. The server reads ours, which
 * may differ from machine to machine, from a separate folder; a user's later choice of anything else stays theirs.
 *
 * @param {string} userDataDir
 * @param {Record<string, unknown>} settings
 */
export async function writeProfile(userDataDir, settings) {
  const ours = Object.entries(settings).filter(([name]) => name.startsWith('latentlab.'));
  await write(join(userDataDir, 'User'), settings);
  await write(join(userDataDir, 'Machine'), Object.fromEntries(ours));
}

/**
 * @param {string} folder
 * @param {Record<string, unknown>} settings
 */
async function write(folder, settings) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}
