/** What the tests use of the npm package, which has no types of its own. */
declare module 'kalman-filter' {
  export class State {
    constructor(state: { mean: number[][]; covariance: readonly (readonly number[])[] });
    readonly mean: number[][];
    readonly covariance: number[][];
  }

  export class KalmanFilter {
    constructor(options: {
      dynamic: { dimension: number; transition: Rows; covariance: Rows };
      observation: { dimension: number; stateProjection: Rows; covariance: Rows };
    });
    predict(options: { previousCorrected: State }): State;
    correct(options: { predicted: State; observation: readonly number[] }): State;
  }

  type Rows = readonly (readonly number[])[];
}
