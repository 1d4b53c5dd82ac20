// Station 4: what each answer costs, and the mean of it all, which is the loss.

/** What the model makes of each point: p, the probability of what it truly is, its loss. */
function costs() {
  return remember("costs", [state.points, theta()], () => {
    const { points } = state, now = theta();
    return points.y.map((y, i) => {
      const eta = predictor(now, points.x1[i], points.x2[i]);
      return { i, y, train: points.train[i] === 1, p: sigmoid(eta), q: sigmoid(y ? eta : -eta),
        loss: softplus(y ? -eta : eta) };
    });
  });
}

/** The training points, the dearest first. */
const dearest = () => remember("dearest", [costs()], () =>
  costs().filter(({ train }) => train).sort((a, b) => b.loss - a.loss || a.i - b.i));

field("loss_point", dearest()[0].i + 1, wholeIn(1, 1e6));

station("s04", ({ controls, picture, caption, more }) => {
  const graph = graphPicture(picture, "s04", "s04.still");
  const { left, right, top, bottom } = graph.box;
  const chosen = () => costs()[Math.min(state.loss_point, costs().length) - 1];
  const choose = (number) => change({ loss_point: number });

  // --- controls
  const point = numberBox("s04-point", "s04.point", { min: 1, max: lesson.y.length, step: 1 },
    (text) => wholeIn(1, state.points.y.length)(text), choose);
  // An arrow of the box, or of the keyboard, is a choice already.
  point.control.addEventListener("input", () => point.control.dispatchEvent(new Event("change")));
  const dear = button("s04-dearest", "s04.dearest", () => choose(dearest()[0].i + 1));
  const cheap = button("s04-cheapest", "s04.cheapest", () => choose(dearest().at(-1).i + 1));
  const scrub = stepControl("s04-step");
  controls.append(
    html("div", { class: "row" }, point.box, dear, cheap),
    html("div", { class: "row" }, ...scrub.boxes));

  // --- the picture
  const add = (where, name, attributes, ...inner) =>
    where.appendChild(svg(name, attributes, ...inner));
  const branches = [0, 1].map((y) => add(graph.inside, "path", { class: `branch of${y}` }));
  const marks = add(graph.over, "g", {});
  const mean = add(graph.over, "line", { class: "mark", x1: left, x2: right });
  const drop = add(graph.over, "path", { class: "drop" });
  const ring = add(graph.over, "circle", { class: "ring", r: 9 });
  const one = add(graph.over, "g", { class: "chosen" });
  const names = [0, 1].map((y) => add(graph.over, "text",
    { class: "onpicture", "text-anchor": y ? "start" : "end" }, y ? "−ln p" : "−ln(1 − p)"));
  const word = add(graph.over, "text", { class: "onpicture" });
  let drawn = null, reach = 0;
  const mark = ({ y, train }) => pointMark(y, !train);

  // --- numbers and the sum
  const number = (name, ...before) => {
    const { box, shown } = shownNumber(`s04-${name}`, ...before);
    return [box, shown];
  };
  const formula = html("span");
  const [pBox, pShown] = number("p", "p"), [lossBox, lossShown] = number("loss", formula);
  const [sumBox, sumShown] = number("sum", said("s04.sum"));
  const [meanBox, meanShown] = number("mean", said("s04.mean"));
  const strip = [0, 1].map((y) => svg("path", { class: `piece c${y}` }));
  const mine = svg("rect", { class: "mine", y: 1.5, height: 25, id: "s04-mine" });
  const half = svg("line", { class: "drop", x1: 280, x2: 280, y1: 0, y2: 34 });
  const band = svg("svg", { class: "strip", viewBox: "0 0 560 34", role: "img" },
    ...strip, mine, half);
  const halfSaid = html("p", { id: "s04-half" });
  const twin = tableTwin("s04-table",
    () => [t("point"), lesson.target, t("part"), t("probability"), t("s04.loss"), t("s04.share")],
    () => {
      const total = dearest().reduce((sum, { loss }) => sum + loss, 0);
      return costs().map(({ i, y, train, p, loss }) => [String(i + 1), lesson.classes[y],
        t(train ? "train" : "test"), [little(p), p], [fixed(loss, 4), loss],
        train ? [`${fixed((100 * loss) / total, 1)}${t("s04.percent")}`, loss / total] : "–"]);
    });
  more.append(html("p", { class: "numbers" }, pBox, lossBox, sumBox, meanBox),
    html("h3", {}, said("s04.strip")), band, halfSaid, twin.box);

  const show = (element, value, digits) => {
    element.textContent = digits ? fixed(value, digits) : little(value);
    element.value = String(value);
  };

  function drawGraph(now, average) {
    const most = Math.max(now.loss, dearest()[0].loss);
    const high = Number.isFinite(most) ? Math.max(5, Math.ceil(most * 1.05)) : 5;
    const { x, y } = graph.axes({ low: 0, high: 1, name: t("s04.p") },
      { low: 0, high, name: t("s04.loss") });
    if (high !== reach) {
      reach = high;
      const along = Array.from({ length: 121 }, (_, k) => (high * k) / 120);
      branches.forEach((branch, y01) => branch.setAttribute("d", pathThrough(
        along.map((loss) => [x(y01 ? Math.exp(-loss) : 1 - Math.exp(-loss)), y(loss)]))));
      names.forEach((name, y01) => {
        name.setAttribute("x", at(x(y01 ? 0.07 : 0.93)));
      });
    }
    const trained = costs().filter(({ train }) => train);
    if (drawn !== state.points) {
      marks.replaceChildren(...trained.map(mark));
      drawn = state.points;
    }
    trained.forEach((each, k) => {
      const fine = Number.isFinite(each.loss);
      marks.children[k].toggleAttribute("hidden", !fine);
      if (fine) placeMark(marks.children[k], x(each.p), y(each.loss));
    });
    const level = Number.isFinite(average) ? at(y(average)) : bottom;
    mean.setAttribute("y1", level);
    mean.setAttribute("y2", level);
    const fine = Number.isFinite(now.loss), nameAt = y(0.7 * high);
    // Out of the way of the chosen point's words.
    const inTheWay = fine && Math.abs(y(now.loss) - nameAt) < 30;
    names.forEach((name, y01) =>
      name.setAttribute("y", at(nameAt + (inTheWay && now.y === y01 ? 42 : 0))));
    for (const element of [drop, ring, one, word]) element.toggleAttribute("hidden", !fine);
    if (!fine) return;
    const [px, py] = [x(now.p), y(now.loss)];
    drop.setAttribute("d", `M${left} ${at(py)}H${at(px)}V${bottom}`);
    ring.setAttribute("cx", at(px));
    ring.setAttribute("cy", at(py));
    // Above the others.
    const above = mark(now);
    placeMark(above, px, py);
    one.replaceChildren(above);
    // Beside the point, where its branch is not.
    word.setAttribute("text-anchor", now.y ? "start" : "end");
    word.setAttribute("x", at(px + (now.y ? 14 : -14)));
    word.setAttribute("y", at(Math.min(Math.max(py - 8, top + 14), bottom - 10)));
    word.textContent = fixed(now.loss, 2);
  }

  function drawSum(now, total) {
    const pieces = ["", ""];
    let from = 0, halfway = 0, place = null;
    for (const each of dearest()) {
      const wide = (560 * each.loss) / total || 0;
      if (from < 280) halfway++;
      // Class 1 stands taller: not only its colour tells.
      const [high, low] = each.y ? [2, 24] : [10, 16];
      pieces[each.y] += `M${at(from)} ${high}h${at(wide)}v${low}h${at(-wide)}z`;
      if (each === now) place = [from, wide];
      from += wide;
    }
    strip.forEach((path, y) => path.setAttribute("d", pieces[y]));
    band.classList.toggle("fine", dearest().length > 150);
    mine.toggleAttribute("hidden", place === null);
    if (place) {
      mine.setAttribute("x", at(place[0]));
      mine.setAttribute("width", at(place[1]));
    }
    band.setAttribute("aria-label", t("s04.strip"));
    const said = t(halfway === 1 ? "s04.half_one" : "s04.half",
      { n: whole(halfway), m: whole(dearest().length) });
    halfSaid.textContent = `${said} ${t(place ? "s04.framed" : "s04.not_framed")}`;
  }

  function redraw() {
    const now = chosen(), m = dearest().length;
    const total = dearest().reduce((sum, { loss }) => sum + loss, 0);
    drawGraph(now, total / m);
    drawSum(now, total);
    point.control.max = String(costs().length);
    if (document.activeElement !== point.control || point.control.value === "") {
      point.control.value = String(now.i + 1);
      point.control.setAttribute("aria-invalid", "false");
    }
    scrub.write();
    formula.textContent = now.y ? "−ln p" : "−ln(1 − p)";
    show(pShown, now.p, 0);
    show(lossShown, now.loss, 4);
    show(sumShown, total, 3);
    show(meanShown, total / m, 4);
    fill(caption, now.train ? "s04.caption" : "s04.caption_test", {
      n: whole(now.i + 1), target: lesson.target, class: lesson.classes[now.y],
      q: little(now.q), loss: fixed(now.loss, 4), times: little((now.loss * m) / total, 2),
      m: whole(m), mean: fixed(total / m, 4),
    });
    twin.draw();
  }
  return redraw;
});
