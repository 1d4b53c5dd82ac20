// Numbers in, numbers out: nothing here knows of the page.

/** @typedef {{x1: number[], x2: number[], y: number[], train: number[]}} Points */

/** 1 / (1 + exp(-eta)), right for any eta. */
function sigmoid(eta) {
  if (eta >= 0) return 1 / (1 + Math.exp(-eta));
  const e = Math.exp(eta);
  return e / (1 + e);
}

/** log(1 + exp(eta)), finite for any finite eta. */
function softplus(eta) {
  return Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)));
}

/** The linear predictor of a point. */
function predictor(theta, x1, x2) {
  return theta[0] * x1 + theta[1] * x2 + theta[2];
}

/** The rows of one part: 1 for training, 0 for the test. */
function partOf(points, part) {
  const rows = points.y.map((_, i) => i).filter((i) => points.train[i] === part);
  const take = (column) => Float64Array.from(rows, (i) => column[i]);
  return { x1: take(points.x1), x2: take(points.x2), y: take(points.y), rows };
}

/** Mean cross-entropy over rows, in its stable form. */
function meanLoss(rows, theta) {
  let sum = 0;
  for (let i = 0; i < rows.y.length; i++) {
    const eta = predictor(theta, rows.x1[i], rows.x2[i]);
    sum += softplus(eta) - rows.y[i] * eta;
  }
  return sum / rows.y.length;
}

/** Gradient of the mean loss: in w1, w2 and b. */
function gradient(rows, theta) {
  let g1 = 0, g2 = 0, g0 = 0;
  for (let i = 0; i < rows.y.length; i++) {
    const error = sigmoid(predictor(theta, rows.x1[i], rows.x2[i])) - rows.y[i];
    g1 += error * rows.x1[i];
    g2 += error * rows.x2[i];
    g0 += error;
  }
  const m = rows.y.length;
  return [g1 / m, g2 / m, g0 / m];
}

/** Hessian of the mean loss, 3 × 3. */
function hessian(rows, theta) {
  const H = [[0, 0, 0], [0, 0, 0], [0, 0, 0]];
  for (let i = 0; i < rows.y.length; i++) {
    const p = sigmoid(predictor(theta, rows.x1[i], rows.x2[i]));
    const z = [rows.x1[i], rows.x2[i], 1];
    const c = (p * (1 - p)) / rows.y.length;
    for (let j = 0; j < 3; j++) for (let k = 0; k < 3; k++) H[j][k] += c * z[j] * z[k];
  }
  return H;
}

/** Cholesky factor, lower, or null where the matrix is flat to the last digits. */
function cholesky(H) {
  const scale = H.map((row, j) => Math.sqrt(row[j]));
  const L = H.map((row) => row.map(() => 0));
  for (let j = 0; j < H.length; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = H[j][k];
      for (let l = 0; l < k; l++) sum -= L[j][l] * L[k][l];
      if (j === k) {
        if (!(sum > 1e-13 * scale[j] * scale[j])) return null;
        L[j][j] = Math.sqrt(sum);
      } else L[j][k] = sum / L[k][k];
    }
  }
  return L;
}

/** L⁻¹ v: the half of a solution that norms need. */
function halfSolve(L, v) {
  const u = v.slice();
  for (let j = 0; j < u.length; j++) {
    for (let k = 0; k < j; k++) u[j] -= L[j][k] * u[k];
    u[j] /= L[j][j];
  }
  return u;
}

/** H⁻¹ v by the factor of H. */
function solve(L, v) {
  const u = halfSolve(L, v);
  for (let j = u.length - 1; j >= 0; j--) {
    for (let k = j + 1; k < u.length; k++) u[j] -= L[k][j] * u[k];
    u[j] /= L[j][j];
  }
  return u;
}

const norm = (v) => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));

/**
 * Newton's method with backtracking (its brake), and the certificate delta = lambda·R of where it
 * ends: below 1/2 the optimum exists and is unique. (docs/certificate.md; without its account of rounding.)
 */
function newton(rows, start, most = 60, brake = true) {
  let theta = start.slice();
  const path = [theta];
  const m = rows.y.length;
  for (let step = 0; step <= most; step++) {
    const L = cholesky(hessian(rows, theta));
    if (L === null) return { theta, path, delta: Infinity };
    const g = gradient(rows, theta);
    const lambda = Math.sqrt(m) * norm(halfSolve(L, g));
    if (lambda < 1e-9 || step === most) {
      let R = 0;
      for (let i = 0; i < m; i++) {
        R = Math.max(R, norm(halfSolve(L, [rows.x1[i], rows.x2[i], 1])) / Math.sqrt(m));
      }
      return { theta, path, delta: lambda * R };
    }
    const jump = solve(L, g);
    const allowed = meanLoss(rows, theta) * (1 + 1e-14);
    let share = 1;
    const moved = () => theta.map((value, j) => value - share * jump[j]);
    while (brake && share > 2 ** -30 && !(meanLoss(rows, moved()) <= allowed)) share /= 2;
    theta = moved();
    path.push(theta);
  }
  return { theta, path, delta: Infinity };
}

/**
 * The line where the linear predictor is eta, cut at the frame [low1, high1, low2, high2]: two
 * ends, or null. Each edge is divided in the ratio of the values at its corners, never by a
 * weight: so a vertical line is one like any other.
 */
function boundarySegment(theta, frame, eta = 0) {
  const [left, right, low, high] = frame;
  const line = [theta[0], theta[1], theta[2] - eta];
  const size = Math.max(...line.map(Math.abs));
  if (!Number.isFinite(size) || !(line[0] || line[1])) return null;
  const corners = [[left, low], [right, low], [right, high], [left, high]];
  const values = corners.map(
    ([x1, x2]) => (line[0] / size) * x1 + (line[1] / size) * x2 + line[2] / size);
  const ends = [];
  const add = (end) => {
    if (!ends.some((other) => other[0] === end[0] && other[1] === end[1])) ends.push(end);
  };
  for (let i = 0; i < 4; i++) {
    const here = values[i], there = values[(i + 1) % 4];
    const [a, b] = [corners[i], corners[(i + 1) % 4]];
    if (here === 0) add(a);
    else if (here * there < 0) {
      const share = here / (here - there);
      add([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]);
    }
  }
  return ends.length === 2 ? ends : null;
}

/**
 * Marching squares: the segments along which a grid of values, row after row, is at a level. Their
 * ends are [column, row], in fractions of a cell.
 */
function levelSegments(values, columns, rows, level) {
  const found = [], value = (c, r) => values[r * columns + c] - level;
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      const corners = [[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1]];
      const ends = [];
      corners.forEach((from, i) => {
        const to = corners[(i + 1) % 4], [a, b] = [value(...from), value(...to)];
        if (a < 0 === b < 0) return;
        const share = a / (a - b);
        ends.push(from.map((at, k) => at + share * (to[k] - at)));
      });
      for (let i = 0; i + 1 < ends.length; i += 2) found.push([ends[i], ends[i + 1]]);
    }
  }
  return found;
}

/** Round numbers from low to high, some six of them. */
function roundTicks(low, high, about = 6) {
  const raw = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => power * k).find((s) => s >= raw * 0.999);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k <= Math.floor(high / step + 1e-9); k++) {
    ticks.push(k * step);
  }
  return ticks;
}
