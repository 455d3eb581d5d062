/** Keeps the test set out of choices: a model that was chosen by it is measured too well by it. */

const TEST = /(^|[^\p{L}\p{N}])test([^\p{L}\p{N}]|$)|(?<=\p{Ll})Test(?!\p{Ll})|^test(?=\p{Lu})/u;

/** Whether a metric is of the test set, by its name: `test.elbo`, `elbo on test`, `testError`. */
export function isOfTest(metric: string): boolean {
  return TEST.test(metric) || TEST.test(metric.toLowerCase());
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
