/** Parameters of notebooks, by papermill's convention. docs/sweeps.md */
export { declaredParameters, type DeclaredParameter } from './declared';
export { checkParameters, givenText, read, valueFrom, valueProblem, type GivenText } from './given';
export * from './inject';
export * from './source';
export { mismatch, typeText, type ParameterType, type ParameterValue } from './types';
