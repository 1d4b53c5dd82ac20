// The points of the page: a sample, and what was changed in it by hand. state.points follows from
// four parts of the state, so the hash holds no list of points but only these.

const MOST_EDITS = 150; // seven letters of the hash each
const EDIT = 7;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const GONE = 2 ** 14 - 1; // in place of a coordinate: the point was taken away

/** The samples there are; for the learner's own rows only the rows themselves. */
const SAMPLES = lesson.own ? ["lesson"] : ["lesson", "overlap", "apart", "moons", "outlier"];

field("data", "lesson", oneOf(...SAMPLES));
field("noise", 1, numberIn(0.1, 2));
field("seed", lesson.seed, wholeIn(0, 999999));
field("edits", "", (text) => (readEdits(text) ? text : undefined));

/** Along each axis: the unit of what is placed by hand, and its first and last whole number. */
const rulers = [0, 2].map((k) => {
  const [low, high] = lesson.frame.slice(k, k + 2);
  const unit = 10 ** (Math.floor(Math.log10(high - low) + 1e-9) - 3);
  return { unit, first: Math.ceil(low / unit), last: Math.floor(high / unit) };
});

/** A coordinate as it can be kept: inside the picture, in whole units. */
function placed(value, axis) {
  const { unit, first, last } = rulers[axis];
  const units = Math.min(Math.max(Math.round(value / unit), first), last);
  return Number((units * unit).toPrecision(12));
}

// --- samples

/** A point of a sample, drawn around a place; again if it falls outside the picture. */
function drawPoint(seed, i, first, make) {
  const [left, right, low, high] = lesson.frame;
  const draw = uniforms(seed, i);
  let point = make(first ?? normalPair(draw), draw);
  const [m1, m2] = [(right - left) / 50, (high - low) / 50];
  const inside = ([x1, x2, kept = true]) =>
    kept && x1 > left + m1 && x1 < right - m1 && x2 > low + m2 && x2 < high - m2;
  for (let tries = 0; tries < 200 && !inside(point); tries++) {
    point = make(normalPair(draw), draw);
  }
  return [0, 1].map((axis) => placed(point[axis], axis));
}

function drawSample(name, noise, seed) {
  const [c0, c1] = lesson.centres;
  const middle = [(c0[0] + c1[0]) / 2, (c0[1] + c1[1]) / 2];
  const apart = Math.hypot(c1[0] - c0[0], c1[1] - c0[1]);
  const along = [(c1[0] - c0[0]) / apart, (c1[1] - c0[1]) / apart];
  const cloud = (y, share, [z1, z2]) => [0, 1].map((k) =>
    middle[k] + share * ((y ? c1 : c0)[k] - middle[k]) + noise * [z1, z2][k]);
  const points = { x1: [], x2: [], y: [], train: lesson.train };
  lesson.y.forEach((y, i) => {
    // With the notebook's seed the clouds are the notebook's own, drawn wider or narrower.
    const first = seed === lesson.seed && name !== "moons"
      ? [lesson.x1[i] - (y ? c1 : c0)[0], lesson.x2[i] - (y ? c1 : c0)[1]] : undefined;
    const [x1, x2] = drawPoint(seed, i, first, (z, draw) => {
      if (name === "overlap") return cloud(y, 0.2, z);
      if (name === "moons") {
        const angle = Math.PI * draw();
        const side = y ? -1 : 1;
        return [middle[0] + side * (1.6 * Math.cos(angle) - 0.8) + 0.25 * noise * z[0],
          middle[1] + side * (1.6 * Math.sin(angle) - 0.4) + 0.25 * noise * z[1]];
      }
      const point = cloud(y, 1, z);
      const far = (point[0] - middle[0]) * along[0] + (point[1] - middle[1]) * along[1];
      return [...point, name !== "apart" || (y ? far : -far) > 0.3];
    });
    points.x1.push(x1);
    points.x2.push(x2);
    points.y.push(y);
  });
  if (name === "outlier") {
    // The first training point of class 0, far out on the side of class 1.
    const i = points.y.findIndex((y, k) => y === 0 && points.train[k] === 1);
    points.x1[i] = placed(lesson.frame[1] - 0.2, 0);
    points.x2[i] = placed(middle[1], 1);
  }
  return points;
}

const sample = () => remember("sample", [state.data, state.noise, state.seed], () => {
  const { data, noise, seed } = state;
  if (lesson.own || (data === "lesson" && noise === 1 && seed === lesson.seed)) return firstPoints;
  return drawSample(data, noise, seed);
});

// --- changes by hand

/** The changes of a text: from a point's number to its new self, null if it was taken away. */
function readEdits(text) {
  if (text.length % EDIT || text.length > MOST_EDITS * EDIT) return null;
  const digits = [...text].map((letter) => LETTERS.indexOf(letter));
  if (digits.includes(-1)) return null;
  const edits = new Map();
  let before = -1;
  const whole = (from, count) => digits.slice(from, from + count).reduce((n, d) => 64 * n + d, 0);
  for (let from = 0; from < digits.length; from += EDIT) {
    const id = whole(from, 2), body = whole(from + 2, 5);
    const at = [Math.floor(body / 2 ** 16), Math.floor(body / 4) % 2 ** 14];
    if (id <= before || id >= lesson.y.length + MOST_EDITS) return null;
    before = id;
    if (at[0] === GONE) {
      if (id >= lesson.y.length || body !== GONE * 2 ** 16) return null;
      edits.set(id, null);
      continue;
    }
    const units = at.map((n, axis) => n + rulers[axis].first);
    if (units.some((n, axis) => n > rulers[axis].last)) return null;
    const [x1, x2] = units.map((n, axis) => placed(n * rulers[axis].unit, axis));
    edits.set(id, { x1, x2, y: Math.floor(body / 2) % 2, train: body % 2 });
  }
  return bothParts(edits) ? edits : null;
}

function writeEdits(edits) {
  const word = (value, count) => Array.from({ length: count },
    (_, k) => LETTERS[Math.floor(value / 64 ** (count - 1 - k)) % 64]).join("");
  return [...edits].sort(([a], [b]) => a - b).map(([id, point]) => {
    if (point === null) return word(id, 2) + word(GONE * 2 ** 16, 5);
    const [k1, k2] = [point.x1, point.x2].map((value, axis) =>
      Math.round(value / rulers[axis].unit) - rulers[axis].first);
    return word(id, 2) + word(k1 * 2 ** 16 + k2 * 4 + point.y * 2 + point.train, 5);
  }).join("");
}

/** Whether something is left to learn from and to be tested on. (All samples have one split.) */
function bothParts(edits) {
  const left = lesson.train.filter((_, id) => edits.get(id) === undefined);
  for (const point of edits.values()) if (point) left.push(point.train);
  return left.includes(0) && left.includes(1);
}

function editedPoints(base, edits) {
  if (!edits.size) return base;
  const points = { x1: [], x2: [], y: [], train: [], ids: [] };
  const add = (id, x1, x2, y, train) => {
    for (const [name, value] of Object.entries({ x1, x2, y, train, ids: id })) {
      points[name].push(value);
    }
  };
  base.y.forEach((y, id) => {
    const now = edits.get(id);
    if (now === undefined) add(id, base.x1[id], base.x2[id], y, base.train[id]);
    else if (now) add(id, now.x1, now.x2, now.y, now.train);
  });
  for (const [id, now] of [...edits].sort(([a], [b]) => a - b)) {
    if (id >= base.y.length) add(id, now.x1, now.x2, now.y, now.train);
  }
  return points;
}

/** Which point of the sample each of the present ones was; those added come after them all. */
const idOf = (i) => state.points.ids?.[i] ?? i;

/** The text of the changes with one more, or null where it cannot be made. */
function withEdit(id, point) {
  const edits = new Map(readEdits(state.edits));
  if (point === null && id >= lesson.y.length) edits.delete(id);
  else edits.set(id, point && { ...point, x1: placed(point.x1, 0), x2: placed(point.x2, 1) });
  return edits.size <= MOST_EDITS && bothParts(edits) ? writeEdits(edits) : null;
}

/** The number that a new point gets, or null if there is no more room. */
function freeId() {
  const edits = readEdits(state.edits);
  if (edits.size >= MOST_EDITS) return null;
  let id = lesson.y.length;
  while (edits.has(id)) id++;
  return id;
}

/** Let the points be what the state says they are. */
function settlePoints() {
  state.points = remember("edited", [sample(), state.edits],
    () => editedPoints(sample(), readEdits(state.edits)));
}

// Before any station is redrawn.
subscribe((patch) => {
  if (["data", "noise", "seed", "edits"].some((name) => name in patch)) settlePoints();
});
