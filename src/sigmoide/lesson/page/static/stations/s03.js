// Station 3: one prediction by hand, every number of it written out.

const MATHML = "http://www.w3.org/1998/Math/MathML";

/** A MathML element. */
function maths(name, ...children) {
  return dress(document.createElementNS(MATHML, name), {}, children);
}

// Coordinates typed by hand; null while a point of the data is chosen.
const readPlace = numberIn(-1e6, 1e6);
field("hand", null, (text) => {
  const place = text.split(",").map(readPlace);
  return place.length === 2 && !place.includes(undefined) ? place : undefined;
}, (value) => (value === null ? "" : value.join()));

station("s03", ({ controls, picture, caption, more }) => {
  const plane = planePicture(picture, "s03.still");
  const { view } = lesson;
  const right = view.width - view.right, bottom = view.height - view.bottom;
  const [low1, high1, low2, high2] = lesson.frame;
  const x = scale(low1, high1, view.left, right), y = scale(low2, high2, bottom, view.top);
  const sheet = picture.querySelector("svg");
  const ring = sheet.appendChild(svg("circle", { class: "ring", r: 10 }));

  const place = () => state.hand
    ?? [state.points.x1[chosenPoint()], state.points.x2[chosenPoint()]];
  const put = (hand) => change({ hand });

  // --- controls
  const point = pointBox("s03-point", "s03.point", choosePoint);
  const limits = { min: -1000000, max: 1000000, example: 2.5 };
  const boxes = ["x1", "x2"].map((name, j) => decimalBox(`s03-${name}`, `s03.${name}`, limits,
    readPlace, (value) => put(place().map((old, k) => (k === j ? value : old)))));
  const scrub = stepControl("s03-step");
  controls.append(
    html("div", { class: "row" }, point.box, ...boxes.map(({ box }) => box)),
    html("div", { class: "row" }, ...scrub.boxes));
  sheet.addEventListener("click", (event) => {
    const seen = sheet.getBoundingClientRect();
    const back = (part, from, to, low, high) =>
      Number((low + ((part - from) / (to - from)) * (high - low)).toFixed(2));
    const px = ((event.clientX - seen.left) / seen.width) * view.width;
    const py = ((event.clientY - seen.top) / seen.height) * view.height;
    if (px < view.left || px > right || py < view.top || py > bottom) return;
    put([back(px, view.left, right, low1, high1), back(py, bottom, view.top, low2, high2)]);
  });

  // --- the sum, its numbers filled in by redraw
  const filled = {};
  const n = (name) => (filled[name] ??= []).at(filled[name].push(maths("mn")) - 1);
  const sub = (letter, index) => maths("msub", maths("mi", letter), maths("mn", index));
  const o = (sign) => maths("mo", sign);
  const row = (left, ...rest) => maths("mtr", maths("mtd", left), maths("mtd", o("=")),
    maths("mtd", maths("mrow", ...rest)));
  const raised = (...power) => maths("msup", maths("mi", "e"), maths("mrow", ...power));
  const term = (j) => row(maths("mrow", sub("w", j), o("·"), sub("x", j)),
    n(`w${j}`), o("·"), n(`x${j}`), o("="), n(`t${j}`));
  const sum = maths("math",
    maths("mtable", term("1"), term("2"), row(maths("mi", "b"), n("b")),
      row(maths("mi", "η"), n("t1"), o("+"), n("t2in"), o("+"), n("bin"), o("="), n("eta")),
      row(raised(o("−"), maths("mi", "η")), raised(n("minus")), o("="), n("e")),
      row(maths("mi", "p"), maths("mfrac", maths("mn", "1"),
        maths("mrow", maths("mn", "1"), o("+"), n("e"))), o("="), n("p"))));
  sum.setAttribute("display", "block");
  for (const part of sum.querySelectorAll("mfrac")) part.setAttribute("displaystyle", "true");
  const box = html("div", { class: "sum", id: "s03-sum", tabindex: "0", role: "region",
    "data-t-label": "s03.sum", "aria-label": t("s03.sum") }, sum);
  const bare = (name) => {
    const value = theta(), [x1, x2] = place();
    return { w1: value[0], w2: value[1], b: value[2], x1, x2 }[name];
  };
  const twin = tableTwin("s03-table",
    () => [t("s03.term"), t("s03.coordinate"), t("s03.weight"), t("s03.product")],
    () => {
      const cell = (value) => [fixed(value, 4), value];
      const eta = predictor(theta(), ...place());
      return [
        ...[1, 2].map((j) => [`w${"₁₂"[j - 1]}·x${"₁₂"[j - 1]}`, cell(bare(`x${j}`)),
          cell(bare(`w${j}`)), cell(bare(`w${j}`) * bare(`x${j}`))]),
        ["b", "–", "–", cell(bare("b"))], ["η", "–", "–", cell(eta)],
        ["p", "–", "–", [probability(sigmoid(eta), sigmoid(-eta)), sigmoid(eta)]],
      ];
    });
  more.append(html("h3", {}, said("s03.sum")), box, twin.box);

  function writeSum(eta) {
    const inside = (value) => (value < 0 ? `(${fixed(value, 4)})` : fixed(value, 4));
    const [t1, t2, b] = [bare("w1") * bare("x1"), bare("w2") * bare("x2"), bare("b")];
    const written = {
      w1: fixed(bare("w1"), 4), w2: fixed(bare("w2"), 4), x1: inside(bare("x1")),
      x2: inside(bare("x2")), b: fixed(b, 4), t1: fixed(t1, 4), t2: fixed(t2, 4),
      t2in: inside(t2), bin: inside(b), eta: fixed(eta, 4), minus: fixed(-eta, 4),
      e: anySize(Math.exp(-eta), 4), p: probability(sigmoid(eta), sigmoid(-eta)),
    };
    for (const [name, text] of Object.entries(written)) {
      for (const element of filled[name]) element.textContent = text;
    }
  }

  function decision(eta) {
    const i = chosenPoint(), { points } = state, chosen = Number(eta > 0);
    const says = t("s03.says", { sign: eta > 0 ? ">" : eta < 0 ? "<" : "=", half: short(0.5),
      target: lesson.target, class: lesson.classes[chosen] });
    if (state.hand) return t("s03.no_truth", { says });
    return t(chosen === points.y[i] ? "s03.right" : "s03.wrong", { says });
  }

  function redraw() {
    const now = theta(), [x1, x2] = place(), eta = predictor(now, x1, x2);
    const i = chosenPoint(), { y: truth, train } = state.points;
    const seen = x1 >= low1 && x1 <= high1 && x2 >= low2 && x2 <= high2;
    plane.draw({ theta: now });
    ring.toggleAttribute("hidden", !seen);
    ring.setAttribute("cx", at(x(x1)));
    ring.setAttribute("cy", at(y(x2)));
    point.write();
    boxes.forEach((each, j) =>
      each.write(state.hand ? place()[j] : Number(place()[j].toFixed(4))));
    scrub.write();
    writeSum(eta);
    box.hidden = !Number.isFinite(eta);
    const who = state.hand ? t("s03.the_place", { x1: short(x1), x2: short(x2) })
      : t("s03.the_point", { n: whole(i + 1), target: lesson.target,
        class: lesson.classes[truth[i]], part: t(train[i] ? "train" : "test") });
    caption.textContent = Number.isFinite(eta)
      ? [t("s03.caption", { who, eta: fixed(eta, 4),
        p: probability(sigmoid(eta), sigmoid(-eta)), decision: decision(eta) }),
      ...seen ? [] : [t("s03.outside")]].join(" ")
      : t("s03.broken");
    twin.draw();
  }
  return redraw;
});
