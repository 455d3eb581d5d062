/** What this folder uses of jasmine-core, which ships no types. */
declare module 'jasmine-core' {
  export interface Node {
    readonly id: string;
    readonly children?: readonly Node[];
    getFullName(): string;
  }

  export interface Expectation {
    readonly message: string;
  }

  export interface SpecResult {
    readonly id: string;
    readonly status: string;
    readonly failedExpectations: readonly Expectation[];
  }

  export interface SuiteResult {
    readonly fullName: string;
    readonly failedExpectations: readonly Expectation[];
  }

  export interface Reporter {
    specStarted?(spec: { readonly id: string }): void;
    specDone?(spec: SpecResult): void;
    suiteDone?(suite: SuiteResult): void;
    jasmineDone?(run: { readonly failedExpectations: readonly Expectation[] }): void;
  }

  export interface Environment {
    configure(options: { random: boolean; forbidDuplicateNames: boolean; specFilter(spec: Node): boolean }): void;
    topSuite(): Node;
    addReporter(reporter: Reporter): void;
    execute(): Promise<unknown>;
  }

  const jasmineCore: {
    /** Makes `describe`, `it`, `expect` and their kin global. */
    boot(): { getEnv(): Environment };
  };
  export default jasmineCore;
}
