/** Entry of the notebook renderer `latentlab-renderer`: VS Code's calls to {@link Outputs}. */
import type { ActivationFunction } from 'vscode-notebook-renderer';
import { KernelLink } from './channel';
import { Outputs } from './outputs';
import { SettingsStore } from './settings';
import { ThemeWatcher } from './theme';

export const activate: ActivationFunction<object> = (context) => {
  const outputs = new Outputs({
    link: new KernelLink(context),
    settings: new SettingsStore(context.getState(), (state) => context.setState(state)),
    theme: new ThemeWatcher(),
  });
  return {
    renderOutputItem: (item, element, signal) => outputs.render(item, element, signal),
    disposeOutputItem: (id) => outputs.dispose(id),
  };
};
