/** Parameters of notebooks, by papermill's convention. docs/sweeps.md */
export { declaredParameters, type DeclaredParameter } from './declared';
export { checkParameters, givenText, valueFrom, type DeclaredAt, type GivenText } from './given';
export * from './inject';
export * from './overriding';
export * from './source';
export { read, valueProblem } from './values';
export { mismatch, typeText, type ParameterType, type ParameterValue } from './types';
