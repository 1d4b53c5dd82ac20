// Station 10: where numbers fail. The notebook's loss as 32 or 64 bits work it out, a step that is
// too short for them, and a step that is too long for any.

const ETA_REACH = 1000;
field("fail_eta", 17, numberIn(-ETA_REACH, ETA_REACH));
field("fail_class", 1, wholeIn(0, 1));
field("bits", 32, (text) => ({ 32: 32, 64: 64 })[text]);

/** The notebook's loss of one point, rounded after every operation as its numbers are. */
function notebookLoss(eta, y, bits) {
  const r = bits === 32 ? Math.fround : (value) => value;
  const e = r(Math.exp(r(-eta)));
  const p = r(1 / r(1 + e));
  const loss = -r(r(y * r(Math.log(p))) + r((1 - y) * r(Math.log(r(1 - p)))));
  return { e, p, loss };
}

station("s10", ({ controls, picture, caption, more }) => {
  const graph = graphPicture(picture, "s10", "s10.still");
  const { top, bottom } = graph.box;
  const readEta = numberIn(-ETA_REACH, ETA_REACH);
  // 64 bits fail farther out.
  const reach = () => (state.bits === 32 ? 120 : 800);
  const PIECES = 480;

  // --- controls
  const slide = slider("s10-eta", "s10.eta", { min: -120, max: 120, step: "any" },
    (eta) => change({ fail_eta: Math.round(eta * 10) / 10 }));
  const box = decimalBox("s10-eta-box", "s10.eta_box",
    { min: -ETA_REACH, max: ETA_REACH, example: 17 }, readEta, (eta) => change({ fail_eta: eta }));
  const kind = choice("s10-class", "s10.class", () => [["1", "1"], ["0", "0"]],
    (y) => change({ fail_class: Number(y) }));
  const bits = choice("s10-bits", "s10.bits",
    () => [["32", t("s10.bits32")], ["64", t("s10.bits64")]],
    (n) => change({ bits: Number(n) }));
  controls.append(html("div", { class: "row" }, slide.box),
    html("div", { class: "row" }, box.box, kind.box, bits.box));

  // --- the picture
  const put = (where, name, attributes) => where.appendChild(svg(name, attributes));
  const broken = put(graph.inside, "path", { class: "broken" });
  const truth = put(graph.inside, "path", { class: "curve" });
  const notebook = put(graph.inside, "path", { class: "curve second" });
  const here = put(graph.over, "circle", { class: "now", r: 5.5 });

  // --- below it
  const number = (name, key) => {
    const { box: one, shown } = shownNumber(`s10-${name}`, key);
    return [one, shown];
  };
  const [expBox, expShown] = number("exp", said("s10.exp"));
  const [pBox, pShown] = number("p", "p");
  const [bookBox, bookShown] = number("notebook", said("s10.notebook"));
  const [trueBox, trueShown] = number("true", said("s10.true"));
  const twin = tableTwin("s10-table",
    () => [t("s10.eta"), t("s10.exp"), "p", t("s10.notebook"), t("s10.true")],
    () => [...new Set([...lesson.finite.eta, 36, 37, -88, -89, -100, state.fail_eta])]
      .sort((a, b) => a - b).map((eta) => {
        const { e, p, loss } = notebookLoss(eta, state.fail_class, state.bits);
        const right = softplus(state.fail_class ? -eta : eta);
        return [[short(eta), eta], [tell(e), e], [tell(p), p], [tell(loss), loss],
          [tell(right), right]];
      }));
  const frozenSaid = html("p", { id: "s10-frozen" });
  const frozenRows = ["w₁", "w₂", "b"].map((name, j) => {
    const cells = ["value", "take", "half", "moves"].map((what) =>
      html("td", { id: `s10-${what}-${j}` }));
    return { cells, row: html("tr", {}, html("th", { scope: "row" }, name), ...cells) };
  });
  const head = (...keys) => html("thead", {}, html("tr", {}, ...keys.map((key) =>
    html("th", { scope: "col" }, said(key)))));
  const frozenTable = html("table", { id: "s10-frozen-table" },
    head("s10.weight", "s10.value", "s10.take", "s10.half", "s10.moves"),
    html("tbody", {}, ...frozenRows.map(({ row }) => row)));
  const rate = rateControls("s10");
  const swingRows = html("tbody");
  const swingSaid = html("p", { id: "s10-swing" });
  more.append(
    html("p", { class: "numbers" }, expBox, pBox, bookBox, trueBox), twin.box,
    html("div", { class: "controls" }, html("div", { class: "row" }, ...rate.boxes)),
    html("h3", {}, said("s10.frozen")), frozenSaid, frozenTable,
    html("h3", {}, said("s10.swing")),
    html("table", { id: "s10-swing-table" }, head("s10.step_head", "s10.swing_head"), swingRows),
    swingSaid);

  /** A number with what no digits can say: NaN, ∞. */
  const tell = (value) => (Number.isFinite(value)
    ? `${value < 0 ? "−" : ""}${little(Math.abs(value), 4)}` : fixed(value, 0));
  const show = (element, value) => {
    element.textContent = tell(value);
    element.value = String(value);
  };

  function drawGraph() {
    const far = reach(), y = state.fail_class;
    const place = graph.axes({ low: -far, high: far, name: t("s10.eta") },
      { low: 0, high: far, name: t("s10.loss") });
    const grid = Array.from({ length: PIECES + 1 }, (_, k) => -far + (2 * far * k) / PIECES);
    truth.setAttribute("d", pathThrough(
      grid.map((eta) => [place.x(eta), place.y(softplus(y ? -eta : eta))])));
    let line = "", shade = "", from = null, held = false;
    grid.forEach((eta, k) => {
      const { loss } = notebookLoss(eta, y, state.bits);
      const fine = Number.isFinite(loss);
      if (fine) line += `${held ? "L" : "M"}${at(place.x(eta))} ${at(place.y(loss))}`;
      held = fine;
      if (!fine && from === null) from = eta;
      if (from !== null && (fine || k === PIECES)) {
        const to = fine ? grid[k - 1] : eta;
        shade += `M${at(place.x(from))} ${top}H${at(place.x(to))}V${bottom}H${at(place.x(from))}Z`;
        from = null;
      }
    });
    notebook.setAttribute("d", line);
    broken.setAttribute("d", shade);
    const inside = Math.abs(state.fail_eta) <= far;
    here.toggleAttribute("hidden", !inside);
    if (!inside) return;
    here.setAttribute("cx", at(place.x(state.fail_eta)));
    here.setAttribute("cy", at(place.y(softplus(y ? -state.fail_eta : state.fail_eta))));
  }

  function drawFrozen() {
    const { way } = lesson;
    const there = untouched() && way !== null && way.frozen_at !== null;
    frozenTable.toggleAttribute("hidden", !there);
    if (!there) return fill(frozenSaid, "s10.not_frozen");
    fill(frozenSaid, "s10.frozen_at", { rate: writeRate(lesson.rate), step: whole(way.frozen_at),
      gap: little(way.frozen_gap, 2) });
    const g = gradient(trainRows(), way.frozen_theta);
    return frozenRows.forEach(({ cells }, j) => {
      const w = way.frozen_theta[j], take = state.rate * g[j];
      // 24 binary digits: half of the last one.
      const half = 2 ** (Math.floor(Math.log2(Math.abs(w))) - 24);
      const moves = Math.fround(w - Math.fround(take)) !== Math.fround(w);
      const written = [fixed(w, 6), tell(take), tell(half), t(moves ? "s10.yes" : "s10.no")];
      cells.forEach((cell, k) => { cell.textContent = written[k]; });
    });
  }

  function drawSwing() {
    const first = 5000;
    const losses = [0, 1, 2, 3].map((k) => lossAt(first + k));
    swingRows.replaceChildren(...losses.map((loss, k) => html("tr", {},
      html("td", {}, whole(first + k)),
      html("td", {}, html("data", { value: String(loss) }, fixed(loss, 9))))));
    const changes = losses.slice(1).map((loss, k) => loss - losses[k]);
    const still = changes.every((move) => Math.abs(move) <= 1e-12 * losses[0]);
    fill(swingSaid, still ? "s10.swing_still"
      : changes.every((move) => move < 0) ? "s10.swing_falls" : "s10.swing_never");
  }

  function redraw() {
    const { fail_eta: eta, fail_class: y, bits: n } = state;
    slide.control.min = String(-reach());
    slide.control.max = String(reach());
    slide.control.value = String(eta);
    box.write(eta);
    kind.control.value = String(y);
    bits.write();
    bits.control.value = String(n);
    drawGraph();
    const { e, p, loss } = notebookLoss(eta, y, n);
    const stable = softplus(y ? -eta : eta);
    show(expShown, e);
    show(pShown, p);
    show(bookShown, loss);
    show(trueShown, stable);
    const verdict = Number.isNaN(loss) ? "s10.verdict_nan"
      : loss === Infinity ? "s10.verdict_inf"
        : Math.abs(loss - stable) > 5e-3 * stable ? "s10.verdict_off" : "s10.verdict_fine";
    fill(caption, "s10.caption", { eta: short(eta), y,
      bits: t(n === 32 ? "s10.bits32" : "s10.bits64"), exp: tell(e), p: tell(p),
      notebook: tell(loss), stable: tell(stable), verdict: t(verdict) });
    twin.draw();
    rate.write();
    drawFrozen();
    drawSwing();
  }
  return redraw;
}, { slow: true });
