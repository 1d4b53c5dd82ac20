// What follows from the state: the descent, its losses, the optimum. Worked out once, then kept.

const MOST_STEPS = 100000;
const RATES = [0.05, 0.5, 3.9, 4];
const readRate = numberIn(1e-6, 1000);

field("lang", firstLang, oneOf("es", "en"));
field("theme", "auto", oneOf("auto", "light", "dark"));
field("step", lesson.steps, wholeIn(0, MOST_STEPS));
field("rate", lesson.rate, readRate);
field("playing", false, () => undefined, null);
// The points as they are now; a new object whenever one of them changes.
field("points", { x1: lesson.x1, x2: lesson.x2, y: lesson.y, train: lesson.train },
  () => undefined, null);

const firstPoints = state.points;
const memo = new Map();

/** Keep the last answer of each name for as long as its arguments are the same. */
function remember(name, given, work) {
  const held = memo.get(name);
  if (held && held.given.every((value, i) => Object.is(value, given[i]))) return held.answer;
  const answer = work();
  memo.set(name, { given, answer });
  return answer;
}

const trainRows = () => remember("train", [state.points], () => partOf(state.points, 1));
const testRows = () => remember("test", [state.points], () => partOf(state.points, 0));
const untouched = () => state.points === firstPoints;

/** The descent so far: parameters after each step, as far as anybody has asked. */
function descent() {
  return remember("descent", [state.points, state.rate], () => ({
    rows: trainRows(), rate: state.rate, thetas: [lesson.start.slice()],
  }));
}

/** w1, w2 and b after so many steps. */
function thetaAt(step) {
  const { rows, rate, thetas } = descent();
  while (thetas.length <= step) {
    const theta = thetas[thetas.length - 1];
    const g = gradient(rows, theta);
    thetas.push([theta[0] - rate * g[0], theta[1] - rate * g[1], theta[2] - rate * g[2]]);
  }
  return thetas[step];
}

const theta = () => thetaAt(state.step);

/** The last step that anybody has stood at in this descent. */
function furthest() {
  const now = descent();
  now.furthest = Math.max(now.furthest ?? 0, state.step);
  return now.furthest;
}

/** The training loss after so many steps. */
function lossAt(step) {
  const found = remember("losses", [descent()], () => []);
  for (let i = found.length; i <= step; i++) found.push(meanLoss(trainRows(), thetaAt(i)));
  return found[step];
}

/** Right answers among rows: p > 1/2 where eta > 0. */
function rightAnswers(rows, at) {
  let right = 0;
  for (let i = 0; i < rows.y.length; i++) {
    right += (predictor(at, rows.x1[i], rows.x2[i]) > 0) === (rows.y[i] === 1) ? 1 : 0;
  }
  return right;
}

/**
 * The optimum: the library's, with its certificate, while the points are Python's; else the one
 * that the page finds by Newton's method, if it can show that there is one. null if there is none.
 */
function optimum() {
  if (untouched()) return lesson.optimum;
  return remember("optimum", [state.points], () => {
    const found = newton(trainRows(), [0, 0, 0]);
    if (!(found.delta <= 0.5)) return null;
    return { theta: found.theta, loss: meanLoss(trainRows(), found.theta), proved: true,
      delta: found.delta };
  });
}
