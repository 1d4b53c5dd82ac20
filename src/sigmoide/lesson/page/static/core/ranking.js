// Right answers and right order. ranking.py and evaluation/curves.py do the same; here for the
// state of the moment. A ranked list holds {i, y, p}, the least p first.

/** The points of one part, by their probability at these parameters. */
function rankedRows(part, at) {
  const { x1, x2, y, rows } = partOf(state.points, part);
  return rows.map((i, k) => ({ i, y: y[k], p: sigmoid(predictor(at, x1[k], x2[k])) }))
    .sort((a, b) => a.p - b.p || a.i - b.i);
}

/** The distinct probabilities, each with its points of class 0 and of class 1. */
function tied(list) {
  const found = [];
  for (const { y, p } of list) {
    if (!found.length || found.at(-1).p !== p) found.push({ p, of: [0, 0] });
    found.at(-1).of[y]++;
  }
  return found;
}

/** [[right, wrong], [missed, found]]: of class 0 and of class 1, answered 0 and 1. */
function confusion(list, threshold) {
  const counts = [[0, 0], [0, 0]];
  for (const { y, p } of list) counts[y][p >= threshold ? 1 : 0]++;
  return counts;
}

/** The threshold with most right answers; of several, the one with most room around it. */
function bestThreshold(list) {
  const groups = tied(list), values = [0, ...groups.map(({ p }) => p), 1];
  let right = list.filter(({ y }) => y === 1).length;
  let best = null;
  for (let k = 0; k + 1 < values.length; k++) {
    if (k) right += groups[k - 1].of[0] - groups[k - 1].of[1];
    const [low, high] = [values[k], values[k + 1]], room = high - low;
    if (!best || right > best.right || (right === best.right && room >= best.room)) {
      best = { value: (low + high) / 2, right, room };
    }
  }
  return best;
}

/** Pairs of one point of each class, and in how many the one of class 1 has the higher p. */
function orderedPairs(list) {
  let zeros = 0, ones = 0, ordered = 0;
  for (const { of } of tied(list)) {
    ordered += of[1] * (zeros + of[0] / 2);
    zeros += of[0];
    ones += of[1];
  }
  return { pairs: zeros * ones, ordered };
}

/** The corners of the ROC curve, from [0, 0] to [1, 1]. */
function rocCorners(list) {
  const groups = tied(list).reverse();
  const total = [0, 1].map((y) => groups.reduce((sum, { of }) => sum + of[y], 0));
  const so = [0, 0];
  return [[0, 0], ...groups.map(({ of }) =>
    [0, 1].map((y) => (so[y] += of[y]) / total[y]))];
}

/** Groups of neighbours by p, as equal as ties allow: their mean p and their share of class 1. */
function calibrationGroups(list, most) {
  const groups = Array.from({ length: most }, () => ({ n: 0, p: 0, ones: 0 }));
  let before = 0;
  for (const { p, of } of tied(list)) {
    const n = of[0] + of[1], middle = (before + n / 2) / list.length;
    const group = groups[Math.min(Math.floor(middle * most), most - 1)];
    group.n += n;
    group.p += n * p;
    group.ones += of[1];
    before += n;
  }
  return groups.filter(({ n }) => n)
    .map(({ n, p, ones }) => ({ n, ones, predicted: p / n, observed: ones / n }));
}
