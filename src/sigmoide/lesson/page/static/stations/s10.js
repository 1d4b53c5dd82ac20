// Station 10: where numbers fail, in three pieces.

/** Half the distance from a float32 to its neighbour. */
function halfUnit(value) {
  const cell = new DataView(new ArrayBuffer(4));
  cell.setFloat32(0, Math.abs(value));
  cell.setUint32(0, cell.getUint32(0) + 1);
  return (cell.getFloat32(0) - Math.abs(Math.fround(value))) / 2;
}

/** A right answer in one precision: e to the power of eta, p, both losses. */
function rightAnswer(eta, round) {
  const r = round, p = r(1 / r(1 + r(Math.exp(-eta)))), q = r(1 - p);
  const notebook = r(-r(r(Math.log(p)) + r(0 * r(Math.log(q)))));
  return { exp: r(Math.exp(eta)), p, notebook, stable: r(Math.log1p(r(Math.exp(-eta)))) };
}

/** The smallest eta between two whose loss is NaN, by halving. */
function breaksFrom(low, high, round) {
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (Number.isNaN(rightAnswer(middle, round).notebook)) high = middle;
    else low = middle;
  }
  return high;
}

const ROUNDINGS = { float32: Math.fround, float64: (value) => value };
field("try_eta", 10, numberIn(0, 1000));
field("precision", "float32", oneOf(...Object.keys(ROUNDINGS)));
field("try_rate", 4, readRate);
field("try_steps", 5000, wholeIn(4, 5000));

station("s10", ({ controls, picture, caption, more }) => {
  const graph = graphPicture(picture, "s10", "s10.still");
  const { top, bottom } = graph.box;
  const frozenAt = lesson.way?.frozen_at ?? null;
  let wanted = true;
  // The frozen weights belong to the points that they were found with.
  const canFreeze = () => frozenAt !== null && untouched();

  // --- controls
  const eta = decimalBox("s10-eta", "s10.eta", { min: 0, max: 1000, example: 17 },
    numberIn(0, 1000), (value) => change({ try_eta: value }));
  const slide = slider("s10-slide", "s10.across", { min: 0, max: 100, step: 0.5 },
    (value) => change({ try_eta: value }));
  const precision = choice("s10-precision", "s10.precision",
    () => Object.keys(ROUNDINGS).map((name) => [name, name]),
    (name) => change({ precision: name }));
  controls.append(html("h3", {}, said("s10.right")),
    html("div", { class: "row" }, slide.box, eta.box, precision.box));
  const weights = choice("s10-weights", "s10.weights",
    () => [...!canFreeze() ? []
      : [["frozen", t("s10.frozen", { step: whole(frozenAt) })]],
    ["now", t("s10.now", { step: whole(state.step) })]],
    (name) => { wanted = name === "frozen"; change({}); });
  const rates = [...new Set([lesson.rate, ...RATES])];
  const rate = choice("s10-rate", "s10.rate",
    () => rates.map((value) => [String(value), writeRate(value)]),
    (value) => change({ try_rate: Number(value) }));
  const steps = slider("s10-steps", "s10.steps", { min: 4, max: 5000 },
    (value) => change({ try_steps: value }));
  const stepsShown = html("output", { id: "s10-steps-shown", for: "s10-steps" });

  // --- the picture
  const add = (where, name, attributes) => where.appendChild(svg(name, attributes));
  const stable = add(graph.inside, "path", { class: "boundary bend" });
  const notebook = add(graph.inside, "path", { class: "curve second" });
  const breaks = add(graph.inside, "line", { class: "mark", y1: top, y2: bottom });
  const now = add(graph.over, "circle", { class: "now", r: 6 });

  // --- the pieces below
  const headRow = html("tr"), body = html("tbody", { id: "s10-freeze" });
  const unknown = html("p", { id: "s10-unknown" }, said("s10.not_frozen"));
  const lastLosses = html("p", { id: "s10-last" });
  const twin = tableTwin("s10-table", () => ["η", t("s10.exp"), "p", t("s10.notebook"),
    t("s10.stable")], () => [...lesson.finite.eta, state.try_eta].map((value) => {
    const each = rightAnswer(value, ROUNDINGS[state.precision]);
    return [[short(value), value],
      ...[each.exp, each.p, each.notebook, each.stable].map((one) => [anySize(one), one])];
  }));
  more.append(twin.box,
    html("h3", {}, said("s10.freeze")), html("div", { class: "controls" }, weights.box),
    html("div", { class: "scroll", tabindex: "0", role: "region", "data-t-label": "s10.freeze",
      "aria-label": t("s10.freeze") }, html("table", {}, html("thead", {}, headRow), body)),
    unknown,
    html("h3", {}, said("s10.swing")),
    html("div", { class: "row" }, rate.box, steps.box, stepsShown), lastLosses);

  function drawGraph() {
    const round = ROUNDINGS[state.precision];
    const { x, y } = graph.axes({ low: 0, high: 40, name: t("s10.across") },
      { low: -18, high: 0, name: t("s10.loss") });
    const along = Array.from({ length: 161 }, (_, k) => k / 4);
    const place = (z, loss) => [x(z), y(Math.log10(loss))];
    stable.setAttribute("d", pathThrough(along.map((z) => place(z, rightAnswer(z, round).stable))));
    const first = along.findIndex((z) => Number.isNaN(rightAnswer(z, round).notebook));
    // Between where p has steps and where it is 1 the notebook's loss may be zero: no logarithm.
    notebook.setAttribute("d", pathThrough(along.slice(0, first)
      .map((z) => [z, rightAnswer(z, round).notebook]).filter(([, loss]) => loss > 0)
      .map(([z, loss]) => place(z, loss))));
    const edge = state.precision === "float32" ? lesson.finite.breaks_at
      : breaksFrom(along[first - 1], along[first], round);
    breaks.setAttribute("x1", at(x(edge)));
    breaks.setAttribute("x2", at(x(edge)));
    const inside = state.try_eta <= 40;
    now.toggleAttribute("hidden", !inside);
    if (!inside) return;
    const [px, py] = place(state.try_eta, rightAnswer(state.try_eta, round).stable);
    now.setAttribute("cx", at(px));
    now.setAttribute("cy", at(py));
  }

  function drawFreeze() {
    const frozen = wanted && canFreeze();
    const at32 = (frozen ? lesson.way.frozen_theta : theta()).map(Math.fround);
    const g = gradient(trainRows(), at32);
    const step = frozen ? lesson.rate : state.rate;
    unknown.hidden = canFreeze();
    headRow.replaceChildren(...["weight", "value", "half", "update", "moves"].map((name) =>
      html("th", { scope: "col" }, t(`s10.${name}`))));
    body.replaceChildren(...["w₁", "w₂", "b"].map((name, j) => {
      const update = Math.fround(step * g[j]);
      const moved = Math.fround(at32[j] - update) !== at32[j];
      const cell = (value, text) => html("td", {}, html("data", { value: String(value) }, text));
      const size = `${update < 0 ? "−" : ""}${little(Math.abs(update))}`;
      return html("tr", {}, html("td", {}, name), cell(at32[j], fixed(at32[j], 7)),
        cell(halfUnit(at32[j]), little(halfUnit(at32[j]))), cell(update, size),
        html("td", {}, t(moved ? "s10.yes" : "s10.no")));
    }));
  }

  function drawSwing() {
    const walk = remember("swing", [state.points, state.try_rate, state.try_steps], () => {
      let here = lesson.start;
      const losses = [];
      for (let k = 1; k <= state.try_steps; k++) {
        const g = gradient(trainRows(), here);
        here = here.map((value, j) => value - state.try_rate * g[j]);
        if (k > state.try_steps - 4) losses.push(meanLoss(trainRows(), here));
      }
      return losses;
    });
    const [a, b, c, d] = walk;
    const swings = (b - a) * (c - b) < 0 && (c - b) * (d - c) < 0
      && Math.abs(d - c) > 1e-6;
    lastLosses.textContent = `${t("s10.last", {
      losses: walk.map((loss) => fixed(loss, 6)).join(" · ") })} ${
      t(swings ? "s10.swings" : "s10.settles")}`;
  }

  function redraw() {
    const { try_eta: z, precision: name } = state;
    const each = rightAnswer(z, ROUNDINGS[name]);
    const write = (value) => (Number.isNaN(value) ? "NaN" : anySize(value, 4));
    eta.write(z);
    slide.control.value = String(Math.min(z, 100));
    precision.control.value = name;
    weights.write();
    weights.control.value = wanted && canFreeze() ? "frozen" : "now";
    rate.write();
    rate.control.value = String(state.try_rate);
    steps.control.value = String(state.try_steps);
    stepsShown.textContent = whole(state.try_steps);
    drawGraph();
    drawFreeze();
    drawSwing();
    fill(caption, "s10.caption", { eta: short(z), precision: name, exp: write(each.exp),
      p: each.p === 1 ? "1" : probability(each.p, 1 - each.p), notebook: write(each.notebook),
      stable: write(each.stable) });
    twin.draw();
  }
  return redraw;
});
