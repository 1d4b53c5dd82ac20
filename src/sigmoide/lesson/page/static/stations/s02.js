// Station 2: the sigmoid, each point at its eta.

/** eta of each point at the weights of the present step. */
const etas = () => remember("etas", [state.points, theta()], () =>
  state.points.y.map((_, i) => predictor(theta(), state.points.x1[i], state.points.x2[i])));

/** A probability that is never written as 0 or 1 unless it is: q is 1 − p, worked out by itself. */
function probability(p, q) {
  if (p > 0 && p < 1e-4) return little(p);
  if (q > 0 && q < 1e-4) return `1 − ${little(q)}`;
  return fixed(p, 4);
}

// The point chosen, from 1 on: station 3 works it out by hand.
field("point", 1, wholeIn(1, 1e6));
const choosePoint = (number) => change({ point: number, eta: null, hand: null });
const chosenPoint = () => Math.min(state.point, state.points.y.length) - 1;
// An eta moved by hand; null while a point is chosen.
field("eta", null, numberIn(-1e4, 1e4), (value) => (value === null ? "" : String(value)));

/** A box for the number of the point chosen, and what writes it. */
function pointBox(id, key, choose) {
  const { box, control } = numberBox(id, key, { min: 1, max: lesson.y.length, step: 1 },
    (text) => wholeIn(1, state.points.y.length)(text), choose);
  // An arrow of the box, or of the keyboard, is a choice already.
  control.addEventListener("input", () => control.dispatchEvent(new Event("change")));
  const write = () => {
    control.max = String(state.points.y.length);
    if (document.activeElement === control && control.value !== "") return;
    control.value = String(chosenPoint() + 1);
    control.setAttribute("aria-invalid", "false");
  };
  return { box, write };
}

station("s02", ({ controls, picture, caption, more }) => {
  const graph = graphPicture(picture, "s02", "s02.still");
  const { left, bottom } = graph.box;
  let known = "", drawn = null;

  // --- controls
  const point = pointBox("s02-point", "s02.point", choosePoint);
  const byHand = slider("s02-eta", "s02.eta", { min: -6, max: 6, step: 0.1 },
    (eta) => change({ eta }));
  const zero = button("s02-zero", "s02.zero", () => change({ eta: 0 }));
  const scrub = stepControl("s02-step");
  controls.append(
    html("div", { class: "row" }, point.box, byHand.box, zero),
    html("div", { class: "row" }, ...scrub.boxes));

  // --- the picture
  const add = (where, name, attributes) => where.appendChild(svg(name, attributes));
  const half = add(graph.inside, "line", { class: "mark" });
  const curve = add(graph.inside, "path", { class: "boundary bend" });
  const tangent = add(graph.inside, "line", { class: "best whole" });
  const marks = add(graph.over, "g", {});
  const drop = add(graph.over, "path", { class: "drop" });
  const ring = add(graph.over, "circle", { class: "ring", r: 9 });
  const word = add(graph.over, "text", { class: "onpicture" });

  // --- numbers
  const number = (name, ...before) => shownNumber(`s02-${name}`, ...before);
  const numbers = {
    eta_now: number("eta-now", "η"), p: number("p", "p"),
    from_half: number("from-half", said("s02.from_half", { half: 0.5 })),
    odds: number("odds", said("s02.odds")), slope: number("slope", said("s02.slope")),
  };
  const twin = tableTwin("s02-table",
    () => [t("point"), lesson.target, t("part"), "η", t("probability"), t("s02.odds")],
    () => etas().map((eta, i) => {
      const { y, train } = state.points;
      return [String(i + 1), lesson.classes[y[i]], t(train[i] ? "train" : "test"),
        [fixed(eta, 4), eta], [probability(sigmoid(eta), sigmoid(-eta)), sigmoid(eta)],
        [anySize(Math.exp(eta)), Math.exp(eta)]];
    }));
  more.append(html("p", { class: "numbers" }, ...Object.values(numbers).map(({ box }) => box)),
    twin.box);

  function drawPoints({ x, y }) {
    const { points } = state;
    if (drawn !== points) {
      marks.replaceChildren(...points.y.map((y01, i) => pointMark(y01, !points.train[i])));
      drawn = points;
    }
    etas().forEach((eta, i) => {
      const mark = marks.children[i], fine = Number.isFinite(eta);
      mark.toggleAttribute("hidden", !fine);
      if (fine) placeMark(mark, x(eta), y(sigmoid(eta)));
    });
  }

  function drawPlace({ x, y }, eta, p, slope) {
    const [px, py] = [x(eta), y(p)];
    // The tangent, so many units of the picture to each side.
    const [dx, dy] = [x(1) - x(0), slope * (y(1) - y(0))];
    const long = 90 / Math.hypot(dx, dy);
    for (const [n, way] of [[1, -long], [2, long]]) {
      tangent.setAttribute(`x${n}`, at(px + way * dx));
      tangent.setAttribute(`y${n}`, at(py + way * dy));
    }
    drop.setAttribute("d", `M${left} ${at(py)}H${at(px)}V${bottom}`);
    ring.setAttribute("cx", at(px));
    ring.setAttribute("cy", at(py));
    const before = p > 0.5;
    word.setAttribute("text-anchor", before ? "end" : "start");
    word.setAttribute("x", at(px + (before ? -15 : 15)));
    word.setAttribute("y", at(py + (before ? -12 : 20)));
    word.textContent = `p = ${probability(p, sigmoid(-eta))}`;
  }

  function redraw() {
    const i = chosenPoint(), free = state.eta !== null;
    const eta = free ? state.eta : etas()[i];
    const fine = Number.isFinite(eta);
    const sizes = etas().filter(Number.isFinite).map(Math.abs);
    const most = Math.max(...sizes, free ? Math.abs(eta) : 0);
    const end = Math.max(6, Math.ceil(1.05 * most));
    const place = graph.axes({ low: -end, high: end, name: t("s02.across") },
      { low: 0, high: 1, name: t("s02.p") });
    if (known !== String(end)) {
      const along = Array.from({ length: 241 }, (_, k) => end * (k / 120 - 1));
      curve.setAttribute("d", pathThrough(along.map((z) => [place.x(z), place.y(sigmoid(z))])));
      for (const [name, value] of [["x1", place.x(-end)], ["x2", place.x(end)],
        ["y1", place.y(0.5)], ["y2", place.y(0.5)]]) half.setAttribute(name, at(value));
      byHand.control.min = String(-end);
      byHand.control.max = String(end);
      known = String(end);
    }
    drawPoints(place);
    point.write();
    scrub.write();
    for (const element of [tangent, drop, ring, word]) element.toggleAttribute("hidden", !fine);
    const p = sigmoid(eta), q = sigmoid(-eta), odds = Math.exp(eta), far = Math.abs(p - 0.5);
    if (fine) {
      byHand.control.value = String(eta);
      drawPlace(place, eta, p, p * q);
    }
    for (const [name, value, text] of [["eta_now", eta, fixed(eta, 4)],
      ["p", p, probability(p, q)], ["from_half", far, fixed(far, 4)],
      ["odds", odds, anySize(odds)], ["slope", p * q, little(p * q, 4)]]) {
      numbers[name].shown.textContent = text;
      numbers[name].shown.value = String(value);
    }
    const { y, train } = state.points;
    fill(caption, !fine ? "s02.caption_broken" : free ? "s02.caption_free" : "s02.caption", {
      n: whole(i + 1), target: lesson.target, class: lesson.classes[y[i]],
      part: t(train[i] ? "train" : "test"), eta: fixed(eta, free ? 1 : 4), p: probability(p, q),
      half: short(0.5), far: fixed(far, 4), odds: anySize(odds), slope: little(p * q, 4),
    });
    twin.draw();
  }
  return redraw;
});
