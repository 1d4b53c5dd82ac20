// A model that is freer than a line, trained with a part put aside to watch it: subsets.py and
// stopping.py do the same.

const [TEST_PART, WATCH_PART, LEARN_PART] = [0, 1, 2];

/** Which of three parts a point falls to: those that are not for the test, in turn. */
function turnOf(i) {
  if (!state.points.train[i]) return TEST_PART;
  const id = idOf(i);
  return lesson.turn[id] || (id % 2 ? WATCH_PART : LEARN_PART);
}

/** Mean and spread of some rows of a column; a column that does not vary is only centred. */
function spreadOf(column, rows) {
  const mean = rows.reduce((sum, i) => sum + column[i], 0) / rows.length;
  const spread = Math.sqrt(rows.reduce((sum, i) => sum + (column[i] - mean) ** 2, 0) / rows.length);
  return { mean, spread: spread > 0 ? spread : 1 };
}

/** All products of two numbers up to a degree: x1, x2, x1², x1·x2, x2² … */
function products(x1, x2, degree) {
  const found = [];
  for (let all = 1; all <= degree; all++) {
    for (let k = 0; k <= all; k++) found.push(x1 ** (all - k) * x2 ** k);
  }
  return found;
}

/**
 * The columns of a degree: standardised, multiplied out and standardised again, each time by the
 * rows to learn from. of(x1, x2) gives those of any place.
 */
function columnsOf(points, learn, degree) {
  const [s1, s2] = [spreadOf(points.x1, learn), spreadOf(points.x2, learn)];
  const raw = (x1, x2) =>
    products((x1 - s1.mean) / s1.spread, (x2 - s2.mean) / s2.spread, degree);
  const all = points.y.map((_, i) => raw(points.x1[i], points.x2[i]));
  const scales = all[0].map((_, j) => spreadOf(all.map((row) => row[j]), learn));
  const of = (x1, x2) => raw(x1, x2).map((value, j) => (value - scales[j].mean) / scales[j].spread);
  return { of, count: scales.length };
}

/** The linear predictor: the weights, and the bias at their end. */
function freePredictor(weights, columns) {
  let eta = weights[columns.length];
  for (let j = 0; j < columns.length; j++) eta += weights[j] * columns[j];
  return eta;
}

/**
 * A training from zero that is stopped in time, and gone on with all the same. null where one of
 * the three parts is empty, or there is one class only to learn from.
 * losses: [learned, watched] after each step; best and stop (or null): steps; weightsAt(step);
 * sizes of the three parts; lossOf(part, weights).
 */
function stopInTime(points, degree, patience) {
  const { rate, further, most_steps: most, most_products: room } = lesson.stopping;
  const parts = [[], [], []];
  points.y.forEach((_, i) => parts[turnOf(i)].push(i));
  const [, watch, learn] = parts;
  if (parts.some((part) => !part.length) || new Set(learn.map((i) => points.y[i])).size < 2) {
    return null;
  }
  const { of, count } = columnsOf(points, learn, degree);
  const table = points.y.map((_, i) => of(points.x1[i], points.x2[i]));
  const longest = Math.max(200, Math.min(most, Math.floor(room / (points.y.length * count))));
  const lossOf = (part, weights) => {
    let sum = 0;
    for (const i of parts[part]) {
      const eta = freePredictor(weights, table[i]);
      sum += softplus(eta) - points.y[i] * eta;
    }
    return sum / parts[part].length;
  };
  const walk = [new Float64Array(count + 1)], losses = [];
  let best = 0, stop = null, end = longest;
  for (let step = 0; step <= end; step++) {
    const weights = walk[step], g = new Float64Array(count + 1);
    let sum = 0;
    for (const i of learn) {
      const row = table[i], eta = freePredictor(weights, row);
      const error = sigmoid(eta) - points.y[i];
      sum += softplus(eta) - points.y[i] * eta;
      for (let j = 0; j < count; j++) g[j] += error * row[j];
      g[count] += error;
    }
    losses.push([sum / learn.length, lossOf(WATCH_PART, weights)]);
    if (stop === null) {
      if (losses[step][1] < losses[best][1]) best = step;
      if (step - best >= patience) {
        stop = step;
        end = Math.min(longest, Math.max(further, 2 * stop));
      }
    }
    walk.push(weights.map((value, j) => value - (rate * g[j]) / learn.length));
  }
  return { of, count, parts, losses, best, stop, end, lossOf, weightsAt: (step) => walk[step] };
}
