// Station 8: a model that is too free, and the part of the points that says when to stop.

field("degree", lesson.stopping.degree, wholeIn(1, 4));
field("patience", lesson.stopping.patience, wholeIn(1, 1000));
field("kept", "best", oneOf("best", "stop", "last"));

station("s08", ({ controls, picture, caption, more }) => {
  const graph = graphPicture(picture, "s08", "s08.still");
  const { left, right, top, bottom } = graph.box;
  const GRID = [61, 46];
  const ROWS = { best: "s08.mark_best", stop: "s08.mark_stop", last: "s08.mark_last" };
  let found = null; // the training of the moment
  const training = () => remember("stopping", [state.points, state.degree, state.patience],
    () => stopInTime(state.points, state.degree, state.patience));

  // --- controls
  const degree = slider("s08-degree", "s08.degree", { min: 1, max: 4 },
    (value) => change({ degree: value }));
  const degreeShown = html("output", { id: "s08-degree-shown", for: "s08-degree" });
  const patience = numberBox("s08-patience", "s08.patience", { min: 1, max: 1000, step: 1 },
    wholeIn(1, 1000), (value) => change({ patience: value }));
  const kept = choice("s08-kept", "s08.kept", () => {
    const named = ([name, step]) => [name, t(`s08.${name}`, { step: whole(step) })];
    return Object.entries(moments()).map(named);
  }, (name) => change({ kept: name }));
  controls.append(
    html("div", { class: "row" }, degree.box, html("p", { class: "counter" }, degreeShown),
      patience.box),
    html("div", { class: "row" }, kept.box));

  /** The steps one may stand at: the best, the stop if there was one, the last. */
  function moments() {
    if (!found) return {};
    const { best, stop, end } = found;
    return stop === null ? { best, last: end } : { best, stop, last: end };
  }
  const moment = () => (state.kept in moments() ? state.kept : "best");

  // --- the picture of the losses
  const put = (where, name, attributes) => where.appendChild(svg(name, attributes));
  const wait = put(graph.inside, "rect", { class: "broken", y: top, height: bottom - top });
  const learned = put(graph.inside, "path", { class: "curve" });
  const watched = put(graph.inside, "path", { class: "curve second" });
  const bestLine = put(graph.inside, "line", { class: "drop", y1: top, y2: bottom });
  const stopLine = put(graph.inside, "line", { class: "mark", y1: top, y2: bottom });
  const dots = [0, 1].map(() => put(graph.over, "circle", { class: "now", r: 5 }));
  const bestSaid = put(graph.over, "text", { class: "onpicture" });
  const stopSaid = put(graph.over, "text", { class: "onpicture" });

  // --- below it: three losses at each moment, and what the model of the moment kept looks like
  const body = html("tbody");
  const losses = html("table", { id: "s08-losses" }, html("thead", {}, html("tr", {},
    html("td"), ...["train", "s08.watched", "test"].map((key) =>
      html("th", { scope: "col" }, said(key))))), body);
  const plane = html("div", { class: "picture live", id: "s08-plane" });
  const { view } = lesson;
  const marks = svg("g"), bend = svg("path", { class: "boundary bend" });
  const missed = svg("path", { class: "ring" });
  const box = { left: view.left, right: view.width - view.right, top: view.top,
    bottom: view.height - view.bottom };
  const scene = svg("svg", { viewBox: `0 0 ${view.width} ${view.height}`, role: "img" },
    svg("rect", { class: "frame", x: box.left, y: box.top, width: box.right - box.left,
      height: box.bottom - box.top }), bend, missed, marks);
  const axisNames = [svg("text", { class: "axis", "text-anchor": "middle",
    x: (box.left + box.right) / 2, y: box.bottom + 22 }),
  svg("text", { class: "axis", "text-anchor": "middle",
    transform: `translate(30 ${(box.top + box.bottom) / 2}) rotate(-90)` })];
  scene.append(...axisNames);
  plane.append(scene);
  const planeSaid = html("p", { id: "s08-plane-said" });
  const twin = tableTwin("s08-table", () => [t("step"), t("train"), t("s08.watched")], () => {
    if (!found) return [];
    const steps = Array.from({ length: 21 }, (_, k) => Math.round((k * found.end) / 20));
    return [...new Set([...steps, ...Object.values(moments())])].sort((a, b) => a - b)
      .map((step) => [whole(step), ...found.losses[step].map((loss) => [fixed(loss, 4), loss])]);
  });
  const planeTwin = tableTwin("s08-plane-table",
    () => [t("point"), ...lesson.names.map(cutName), cutName(lesson.target), t("part"),
      t("probability")],
    () => answers().map(({ i, part, p }) => [String(i + 1), short(state.points.x1[i]),
      short(state.points.x2[i]), lesson.classes[state.points.y[i]], t(partName(part)),
      [little(p), p]]));
  more.append(losses, twin.box, html("h3", {}, said("s08.plane")), plane, planeSaid,
    planeTwin.box);

  const partName = (part) => ["test", "s08.watched", "train"][part];
  /** What the model of the moment kept says of each point. */
  function answers() {
    if (!found) return [];
    const weights = found.weightsAt(moments()[moment()]);
    return found.parts.flatMap((rows, part) => rows.map((i) => ({ i, part,
      p: sigmoid(freePredictor(weights, found.of(state.points.x1[i], state.points.x2[i]))) })))
      .sort((a, b) => a.i - b.i);
  }

  function drawLosses({ losses: rows, best, stop, end }) {
    const high = 2.4 * rows[best][1];
    const { x, y } = graph.axes({ low: 0, high: end, name: t("step"), write: whole },
      { low: 0, high, name: t("s08.loss") });
    // No picture has room for more points than this.
    const every = Math.max(1, Math.floor(end / 500));
    const line = (column) => pathThrough(rows.map((row, step) => [step, row[column]])
      .filter(([step]) => step % every === 0 || step < 60)
      .map(([step, loss]) => [x(step), y(Math.min(loss, 4 * high))]));
    learned.setAttribute("d", line(0));
    watched.setAttribute("d", line(1));
    const upright = (element, step) => {
      element.setAttribute("x1", at(x(step)));
      element.setAttribute("x2", at(x(step)));
    };
    upright(bestLine, best);
    for (const element of [wait, stopLine, stopSaid]) {
      element.toggleAttribute("hidden", stop === null);
    }
    const late = best > 0.6 * end;
    // Before its line, unless there is no room there.
    const before = late || (stop !== null && x(best) - left > 100);
    bestSaid.setAttribute("text-anchor", before ? "end" : "start");
    bestSaid.setAttribute("x", at(x(best) + (before ? -6 : 6)));
    bestSaid.setAttribute("y", top + 16);
    bestSaid.textContent = t("s08.mark_best", { step: whole(best) });
    if (stop !== null) {
      upright(stopLine, stop);
      wait.setAttribute("x", at(x(best)));
      wait.setAttribute("width", at(x(stop) - x(best)));
      stopSaid.setAttribute("text-anchor", late ? "end" : "start");
      stopSaid.setAttribute("x", at(x(stop) + (late ? -6 : 6)));
      stopSaid.setAttribute("y", top + 34);
      stopSaid.textContent = t("s08.mark_stop", { step: whole(stop) });
    }
    const now = moments()[moment()];
    dots.forEach((dot, column) => {
      dot.setAttribute("cx", at(x(now)));
      dot.setAttribute("cy", at(y(Math.min(rows[now][column], high))));
    });
  }

  function drawTable({ losses: rows, lossOf, weightsAt }) {
    body.replaceChildren(...Object.entries(moments()).map(([name, step]) => {
      const values = [...rows[step], lossOf(TEST_PART, weightsAt(step))];
      return html("tr", name === moment() ? { "aria-current": "true" } : {},
        html("th", { scope: "row" }, t(ROWS[name], { step: whole(step) })),
        ...values.map((loss) => html("td", {},
          html("data", { value: String(loss) }, fixed(loss, 4)))));
    }));
  }

  function drawPlane() {
    const [low1, high1, low2, high2] = lesson.frame;
    const x = scale(low1, high1, box.left, box.right), y = scale(low2, high2, box.bottom, box.top);
    const weights = found.weightsAt(moments()[moment()]), [columns, rows] = GRID, values = [];
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        values.push(freePredictor(weights, found.of(low1 + (c / (columns - 1)) * (high1 - low1),
          low2 + (r / (rows - 1)) * (high2 - low2))));
      }
    }
    const across = scale(0, columns - 1, box.left, box.right);
    const up = scale(0, rows - 1, box.bottom, box.top);
    bend.setAttribute("d", levelSegments(values, columns, rows, 0).map(([a, b]) =>
      `M${at(across(a[0]))} ${at(up(a[1]))}L${at(across(b[0]))} ${at(up(b[1]))}`).join(""));
    const wrong = [0, 0, 0];
    let rings = "";
    marks.replaceChildren(...answers().map(({ i, part, p }) => {
      const kind = state.points.y[i], px = x(state.points.x1[i]), py = y(state.points.x2[i]);
      if (p > 0.5 !== (kind === 1)) {
        wrong[part]++;
        rings += ringAround(px, py);
      }
      const mark = pointMark(kind, part !== LEARN_PART);
      if (part === TEST_PART) {
        mark.setAttribute("transform", `translate(${at(px)} ${at(py)}) scale(0.6)`);
        placeMark(mark, 0, 0);
      } else placeMark(mark, px, py);
      return mark;
    }));
    missed.setAttribute("d", rings);
    axisNames.forEach((text, axis) => { text.textContent = axisName(axis); });
    scene.setAttribute("aria-label", t("s08.plane"));
    fill(planeSaid, "s08.plane_said", { step: whole(moments()[moment()]),
      ...Object.fromEntries(["test", "watched", "train"].flatMap((name, part) =>
        [[name, whole(wrong[part])], [`of_${name}`, whole(found.parts[part].length)]])) });
  }

  function redraw() {
    degree.control.value = String(state.degree);
    fill(degreeShown, "s08.degree_said", { n: state.degree });
    const { control } = patience;
    if (document.activeElement !== control) control.value = String(state.patience);
    found = training();
    for (const part of [picture, losses, plane, planeSaid]) part.toggleAttribute("hidden", !found);
    kept.control.disabled = !found;
    kept.write();
    kept.control.value = moment();
    if (!found) return fill(caption, "s08.caption_none");
    const { best, stop, end, losses: rows, count } = found;
    drawLosses(found);
    drawTable(found);
    drawPlane();
    twin.draw();
    planeTwin.draw();
    const early = rows[end][1] < rows[best][1];
    const key = stop === null ? "s08.caption_on" : early ? "s08.caption_early" : "s08.caption";
    return fill(caption, key, {
      degree: state.degree, columns: whole(count), best: whole(best), stop: whole(stop ?? end),
      patience: whole(state.patience), end: whole(end), low: fixed(rows[best][1], 4),
      last: fixed(rows[end][1], 4), learned: fixed(rows[end][0], 4) });
  }
  return redraw;
}, { slow: true });
