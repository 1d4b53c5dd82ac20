// The descent gone on with, a little at a time, to where nothing is left of it: how many steps it
// is to the optimum. valley.py counts them in the same way.

// Steps in a row within a bound, until it is believed.
const SETTLED = 512;
// Nearer to the optimum than this nobody looks.
const NOTHING_LEFT = 1e-9;

/** The mean loss and its gradient, together: one exponential for each point. */
function lossAndGradient({ x1, x2, y }, theta) {
  let sum = 0, product = 1, g1 = 0, g2 = 0, g0 = 0;
  for (let i = 0; i < y.length; i++) {
    const eta = predictor(theta, x1[i], x2[i]);
    const e = Math.exp(-Math.abs(eta));
    // log(1 + e) of all points is the logarithm of a product, taken before it grows too large.
    product *= 1 + e;
    if (product > 1e290) {
      sum += Math.log(product);
      product = 1;
    }
    sum += (eta > 0 ? eta : 0) - y[i] * eta;
    const error = (eta >= 0 ? 1 / (1 + e) : e / (1 + e)) - y[i];
    g1 += error * x1[i];
    g2 += error * x2[i];
    g0 += error;
  }
  const m = y.length;
  return { loss: (sum + Math.log(product)) / m, g: [g1 / m, g2 / m, g0 / m] };
}

/** Which steps are kept: all at first, then one in 2, 5, 10 … and the next, for what goes to
 * and fro. */
function isKept(step) {
  let spacing = 1;
  for (let k = 100; k * 2 <= step; k *= 10) {
    spacing = (k / 100) * (step >= k * 10 ? 10 : step >= k * 5 ? 5 : 2);
  }
  return step % spacing < 2;
}

/**
 * The descent from its start at the learning rate in force, as far as it has got: goOn goes on.
 * kept holds [step, training loss, test loss].
 */
function longDescent() {
  return remember("walk", [state.points, state.rate, optimum()], () => {
    const walk = {
      rows: trainRows(), test: testRows(), rate: state.rate, best: optimum()?.loss ?? NaN,
      theta: lesson.start.slice(), before: [[], []], step: -1, loss: NaN, kept: [],
      bounds: [...lesson.gaps, NOTHING_LEFT], outside: [], restless: false, done: false,
    };
    walk.outside = walk.bounds.map(() => -1);
    goOn(walk, Infinity, lesson.steps + 1);
    return walk;
  });
}

/** Go on with it until a moment of performance.now(), or so many steps. */
function goOn(walk, until, steps = Infinity) {
  const { rows, bounds, outside, rate } = walk;
  for (let i = 0; i < steps && !walk.done; i++) {
    if (i % 64 === 63 && performance.now() > until) return;
    const { theta } = walk, { loss, g } = lossAndGradient(rows, theta);
    const step = ++walk.step, gap = loss - walk.best;
    walk.loss = loss;
    for (let k = 0; k < bounds.length; k++) if (!(gap <= bounds[k])) outside[k] = step;
    if (isKept(step)) walk.kept.push([step, loss, meanLoss(walk.test, theta)]);
    if (step % SETTLED === 0) walk.restless = isRestless(walk);
    walk.done = step >= lesson.most_steps || !Number.isFinite(loss)
      || step - outside[bounds.length - 1] >= SETTLED;
    walk.before = [walk.before[1], theta];
    walk.theta = [theta[0] - rate * g[0], theta[1] - rate * g[1], theta[2] - rate * g[2]];
  }
}

/** Whether it goes to and fro between two places. */
function isRestless({ theta, before: [two, one] }) {
  const size = Math.max(...theta.map(Math.abs));
  const far = (other) => Math.max(...theta.map((value, j) => Math.abs(value - other[j])));
  return far(two) <= 1e-9 * size && far(one) > 1e-6 * size;
}

/**
 * From which step on the loss is within the k-th of the lesson's gaps above its minimum:
 * {steps}, or why not: {never}, {more} than so many, {counting} and how far it has got; null
 * where there is no minimum.
 */
function stepsTo(walk, k) {
  const { step, restless, done } = walk;
  if (Number.isNaN(walk.best)) return null;
  const since = step - walk.outside[k];
  if (restless && since < 2) return { never: true };
  if (done && since === 0) return { more: step };
  if (done || restless || since >= SETTLED) return { steps: walk.outside[k] + 1 };
  return { counting: step };
}
