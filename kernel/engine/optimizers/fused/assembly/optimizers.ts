/**
 * The rules of `rules.ts`, each as one pass over memory, four float32 lanes to an instruction. AssemblyScript, a dialect of
 * TypeScript that is compiled to WebAssembly.
 *
 * `w`, `g` and the slots are the byte addresses of n numbers each, n a multiple of 8. Operations and their order are
 * those of `rules.ts`, so that every lane is rounded as a tensor's element is. Capitals are four numbers at once.
 */

export function adam(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  n: usize,
  beta1: f64,
  beta2: f64,
  alphaT: f64,
  epsilonHat: f64,
  decay: f64,
): void {
  const b1 = all(beta1);
  const c1 = all(1 - beta1);
  const b2 = all(beta2);
  const c2 = all(1 - beta2);
  const epsilon = all(epsilonHat);
  const rate = all(alphaT);
  const shrink = all(decay);
  // Keeps v from becoming subnormal, which is cheaper than `normal`; ε² is 10²⁰ times as large.
  const least = all(f32.MIN_NORMAL_VALUE);
  // Eight numbers a turn, so that one division need not wait for the other: a third less time.
  for (let at: usize = 0, end = n << 2; at < end; at += 32) {
    const G = v128.load(g + at);
    const H = v128.load(g + at, 16);
    const M = normal(f32x4.add(f32x4.mul(v128.load(m + at), b1), f32x4.mul(G, c1)));
    const N = normal(f32x4.add(f32x4.mul(v128.load(m + at, 16), b1), f32x4.mul(H, c1)));
    const V = f32x4.add(f32x4.add(f32x4.mul(v128.load(v + at), b2), f32x4.mul(f32x4.mul(G, G), c2)), least);
    const U = f32x4.add(f32x4.add(f32x4.mul(v128.load(v + at, 16), b2), f32x4.mul(f32x4.mul(H, H), c2)), least);
    v128.store(m + at, M);
    v128.store(m + at, N, 16);
    v128.store(v + at, V);
    v128.store(v + at, U, 16);
    const W = v128.load(w + at);
    const X = v128.load(w + at, 16);
    const step = f32x4.mul(f32x4.div(M, f32x4.add(f32x4.sqrt(V), epsilon)), rate);
    const next = f32x4.mul(f32x4.div(N, f32x4.add(f32x4.sqrt(U), epsilon)), rate);
    v128.store(w + at, f32x4.sub(W, f32x4.add(step, f32x4.mul(W, shrink))));
    v128.store(w + at, f32x4.sub(X, f32x4.add(next, f32x4.mul(X, shrink))), 16);
  }
}

export function adamax(
  w: usize,
  g: usize,
  m: usize,
  u: usize,
  n: usize,
  beta1: f64,
  beta2: f64,
  epsilon: f64,
  alphaT: f64,
): void {
  const b1 = all(beta1);
  const c1 = all(1 - beta1);
  const b2 = all(beta2);
  const e = all(epsilon);
  const rate = all(alphaT);
  for (let at: usize = 0, end = n << 2; at < end; at += 16) {
    const G = v128.load(g + at);
    const M = normal(f32x4.add(f32x4.mul(v128.load(m + at), b1), f32x4.mul(G, c1)));
    const U = normal(f32x4.max(f32x4.mul(v128.load(u + at), b2), f32x4.abs(G)));
    const direction = f32x4.div(M, f32x4.add(U, e));
    v128.store(m + at, M);
    v128.store(u + at, U);
    v128.store(w + at, f32x4.sub(v128.load(w + at), f32x4.mul(direction, rate)));
  }
}

export function sgd(w: usize, g: usize, b: usize, n: usize, momentum: f64, nesterov: bool, alpha: f64): void {
  const mu = all(momentum);
  const rate = all(alpha);
  for (let at: usize = 0, end = n << 2; at < end; at += 16) {
    const G = v128.load(g + at);
    const B = normal(f32x4.add(f32x4.mul(v128.load(b + at), mu), G));
    const direction = nesterov ? f32x4.add(f32x4.mul(B, mu), G) : B;
    v128.store(b + at, B);
    v128.store(w + at, f32x4.sub(v128.load(w + at), f32x4.mul(direction, rate)));
  }
}

/** `mean` and `b` are looked at where the rule is centred and has momentum alone. */
export function rmsprop(
  w: usize,
  g: usize,
  v: usize,
  mean: usize,
  b: usize,
  n: usize,
  alpha: f64,
  epsilon: f64,
  momentum: f64,
  centered: bool,
  rate: f64,
): void {
  const a1 = all(alpha);
  const c1 = all(1 - alpha);
  const e = all(epsilon);
  const mu = all(momentum);
  const step = all(rate);
  for (let at: usize = 0, end = n << 2; at < end; at += 16) {
    const G = v128.load(g + at);
    const V = normal(f32x4.add(f32x4.mul(v128.load(v + at), a1), f32x4.mul(f32x4.mul(G, G), c1)));
    v128.store(v + at, V);
    let A = V;
    if (centered) {
      const M = normal(f32x4.add(f32x4.mul(v128.load(mean + at), a1), f32x4.mul(G, c1)));
      v128.store(mean + at, M);
      A = f32x4.max(f32x4.sub(V, f32x4.mul(M, M)), all(0));
    }
    let D = f32x4.div(G, f32x4.add(f32x4.sqrt(A), e));
    if (momentum > 0) {
      D = normal(f32x4.add(f32x4.mul(v128.load(b + at), mu), D));
      v128.store(b + at, D);
    }
    v128.store(w + at, f32x4.sub(v128.load(w + at), f32x4.mul(D, step)));
  }
}

export function lion(w: usize, g: usize, m: usize, n: usize, beta1: f64, beta2: f64, alpha: f64, decay: f64): void {
  const b1 = all(beta1);
  const c1 = all(1 - beta1);
  const b2 = all(beta2);
  const c2 = all(1 - beta2);
  const rate = all(alpha);
  const shrink = all(decay);
  const zero = all(0);
  for (let at: usize = 0, end = n << 2; at < end; at += 16) {
    const G = v128.load(g + at);
    const M = v128.load(m + at);
    const W = v128.load(w + at);
    const C = f32x4.add(f32x4.mul(M, b1), f32x4.mul(G, c1));
    const up = v128.and(f32x4.gt(C, zero), rate);
    const down = v128.and(f32x4.lt(C, zero), rate);
    v128.store(w + at, f32x4.sub(W, f32x4.add(f32x4.sub(up, down), f32x4.mul(W, shrink))));
    v128.store(m + at, normal(f32x4.add(f32x4.mul(M, b2), f32x4.mul(G, c2))));
  }
}

/** a + (w − a) ρ, the average of the weights. */
export function average(a: usize, w: usize, n: usize, rho: f64): void {
  const by = all(rho);
  for (let at: usize = 0, end = n << 2; at < end; at += 16) {
    const A = v128.load(a + at);
    v128.store(a + at, f32x4.add(A, f32x4.mul(f32x4.sub(v128.load(w + at), A), by)));
  }
}

/** Σ g², squared and summed in float64. */
export function sumOfSquares(g: usize, n: usize): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (let at: usize = 0, end = n << 2; at < end; at += 16) {
    const low = f64x2.promote_low_f32x4(v128.load64_zero(g + at));
    const high = f64x2.promote_low_f32x4(v128.load64_zero(g + at, 8));
    even = f64x2.add(even, f64x2.mul(low, low));
    odd = f64x2.add(odd, f64x2.mul(high, high));
  }
  const sum = f64x2.add(even, odd);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** g · factor, in place. */
export function scale(g: usize, n: usize, factor: f64): void {
  const by = all(factor);
  for (let at: usize = 0, end = n << 2; at < end; at += 16) v128.store(g + at, f32x4.mul(v128.load(g + at), by));
}

/**
 * Subnormal numbers as zeros; NaN stays. The slots of a weight whose gradient has become zero decay into them and would
 * remain there, and processors compute with them many times more slowly.
 */
function normal(lanes: v128): v128 {
  return v128.andnot(lanes, f32x4.lt(f32x4.abs(lanes), all(f32.MIN_NORMAL_VALUE)));
}

function all(value: f64): v128 {
  return f32x4.splat(f32(value));
}
