/** Keeps the test set out of choices: a model that was chosen by it is measured too well by it. */

/** `test` as a word, of a set or of several: `test2`, `testset`, `tests`. */
const TEST = /^test(s|set|data|split|ing)?\d*k?$/;

/** Whether a metric is of the test set, by its name: `test.elbo`, `elbo on test`, `testError`, `TestELBO`. */
export function isOfTest(metric: string): boolean {
  return wordsOf(metric).some((word) => TEST.test(word));
}

/** `TestELBO_mean` → test, elbo, mean. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(?=\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1$2 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
}

/** @param names metrics that there are */
export function refuseTest(metric: string, names: readonly string[]): RangeError {
  const others = names.filter((name) => !isOfTest(name) && !name.startsWith('train.'));
  const instead = others.length > 0 ? ` There are ${others.map((name) => `"${name}"`).join(', ')}.` : '';
  return new RangeError(
    `select: "${metric}" is measured on the test set. The best model there is best partly by chance, and its test ` +
      `result would be too optimistic. Select by a metric of validation data, and measure the selected model on the test ` +
      `set once; or pass allowTestMetric: true.${instead}`,
  );
}
