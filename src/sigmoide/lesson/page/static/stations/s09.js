// Station 9: where the line is drawn between 0 and 1, and what does not depend on it.

const readThreshold = numberIn(0, 1);
field("threshold", 0.5, readThreshold);
field("scored", "test", oneOf("test", "train"));
field("scores", "roc", oneOf("roc", "calibration"));

station("s09", ({ controls, picture, caption, more }) => {
  const graph = graphPicture(picture, "s09", "s09.still");
  const { left, right, top, bottom } = graph.box;
  // Far enough for the bias to have come to its place.
  const LATER_STEPS = 5000, GROUPS = 5, APART = 9.5;
  const part = () => (state.scored === "train" ? 1 : 0);
  const ranked = (of = part()) =>
    remember(`ranked ${of}`, [state.points, theta()], () => rankedRows(of, theta()));
  const set = (threshold) => change({ threshold });
  const percent = (share) => `${fixed(100 * share, 1)}${t("s09.percent")}`;

  // --- controls
  const slide = slider("s09-threshold", "s09.threshold", { min: 0, max: 1, step: 0.01 }, set);
  const box = decimalBox("s09-threshold-box", "s09.threshold_box",
    { min: 0, max: 1, example: 0.64 }, readThreshold, set);
  const half = button("s09-half", "s09.half", () => set(0.5), { half: 0.5 });
  // With few digits, where these answer the same.
  const best = (list) => {
    const { value, right: most } = bestThreshold(list);
    const two = Number(value.toFixed(2)), [[fine], [, found]] = confusion(list, two);
    return fine + found === most ? two : value;
  };
  const fair = button("s09-fair", "s09.fair", () => set(best(ranked(1))));
  const cheat = button("s09-cheat", "s09.cheat", () => set(best(ranked(0))));
  const which = choice("s09-part", "s09.part", () => [["test", t("test")], ["train", t("train")]],
    (scored) => change({ scored }));
  const scrub = stepControl("s09-step");
  controls.append(html("div", { class: "row" }, slide.box, box.box),
    html("div", { class: "row" }, half, fair, cheat),
    html("div", { class: "row" }, which.box, ...scrub.boxes));

  // --- the picture: a lane for each class
  const put = (where, name, attributes) => where.appendChild(svg(name, attributes));
  const lanes = put(graph.inside, "line", { class: "mark" });
  const marks = put(graph.over, "g", {});
  const wrong = put(graph.over, "path", { class: "ring" });
  const cut = put(graph.over, "line", { class: "boundary", y1: top, y2: bottom });
  const [names, counts] = [0, 1].map(() => [0, 1].map(() => put(graph.over, "text",
    { class: "onpicture", x: left + 6 })));
  const others = [0, 1].map(() => put(graph.over, "text",
    { class: "onpicture", "text-anchor": "end", x: right - 6 }));
  let drawn = null;

  // --- below it
  const shown = {}, boxes = ["right", "found", "spared", "auc", "mean", "ones"].map((name) => {
    const number = shownNumber(`s09-${name}`, said(`s09.${name}`));
    shown[name] = number.shown;
    return number.box;
  });
  const cells = [0, 1].map((y) =>
    [0, 1].map((answer) => html("td", { id: `s09-cell${y}${answer}` })));
  const rowHeads = [0, 1].map(() => html("th", { scope: "row" }));
  const columnHeads = [0, 1].map(() => html("th", { scope: "col" }));
  const matrix = html("table", { id: "s09-matrix" },
    html("thead", {}, html("tr", {}, html("td"), ...columnHeads)),
    html("tbody", {}, ...cells.map((row, y) => html("tr", {}, rowHeads[y], ...row))));
  const view = choice("s09-view", "s09.view",
    () => ["roc", "calibration"].map((name) => [name, t(`s09.${name}`)]),
    (scores) => change({ scores }));
  const scorePicture = html("div", { class: "picture", id: "s09-scores" });
  const score = graphPicture(scorePicture, "s09-scores", "s09.still_scores");
  const even = put(score.inside, "line", { class: "mark" });
  const curve = put(score.over, "path", { class: "curve" });
  const spots = put(score.over, "g", {});
  const here = put(score.over, "circle", { class: "now", r: 6 });
  const scoreSaid = html("p", { id: "s09-scores-said" });
  const twin = tableTwin("s09-table",
    () => [t("point"), t("probability"), lesson.target, t("s09.answer")],
    () => ranked().map(({ i, y, p }) => [String(i + 1), [little(p), p], lesson.classes[y],
      lesson.classes[p >= state.threshold ? 1 : 0]]));
  const scoreTwin = tableTwin("s09-scores-table",
    () => (state.scores === "roc" ? [t("s09.false"), t("s09.true")]
      : [t("s09.points"), t("s09.predicted"), t("s09.observed")]),
    () => (state.scores === "roc"
      ? corners().map((rates) => rates.map((rate) => [fixed(rate, 4), rate]))
      : calibrationGroups(ranked(), GROUPS).map(({ n, predicted, observed }) => [whole(n),
        [fixed(predicted, 4), predicted], [fixed(observed, 4), observed]])));
  more.append(html("p", { class: "numbers" }, ...boxes), matrix, twin.box,
    html("div", { class: "controls" }, view.box), scorePicture, scoreSaid, scoreTwin.box);

  const corners = () => (orderedPairs(ranked()).pairs ? rocCorners(ranked()) : []);
  const named = (y) => `${cutName(lesson.target)} = ${cutName(lesson.classes[y])}`;

  function drawLanes(list, [[spared, raised], [missed, found]]) {
    const { x, y } = graph.axes({ low: 0, high: 1, name: t("s09.p") },
      { low: 0, high: 2, name: t("s09.truth"), places: [] });
    const now = `${state.scored} ${language}`;
    if (drawn?.points !== state.points || drawn.now !== now) {
      drawn = { points: state.points, now };
      // By their numbers, so that a point is the same mark at every step.
      marks.replaceChildren(...list.toSorted((a, b) => a.i - b.i)
        .map(({ y: kind }) => pointMark(kind, !part())));
      const middle = y(1);
      for (const [name, at] of Object.entries({ x1: left, x2: right, y1: middle, y2: middle })) {
        lanes.setAttribute(name, at);
      }
      [0, 1].forEach((kind) => {
        names[kind].textContent = named(kind);
        names[kind].setAttribute("y", at(y(kind + 1) + 16));
        for (const text of [counts[kind], others[kind]]) text.setAttribute("y", at(y(kind) - 8));
      });
    }
    const order = list.map(({ i }) => i).sort((a, b) => a - b);
    const place = new Map(order.map((i, k) => [i, marks.children[k]]));
    const lane = [[], []];
    let rings = "";
    for (const { i, y: kind, p } of list) {
      // Beside those that stand where it would: above and below them, in turn.
      const px = x(p), near = lane[kind].filter((other) => px - other.px < APART);
      let row = 0;
      while (near.some((other) => other.row === row)) row++;
      lane[kind].push({ px, row });
      const away = Math.ceil(row / 2) * APART * (row % 2 ? 1 : -1);
      const py = y(kind + 0.5) + Math.max(-44, Math.min(44, away));
      placeMark(place.get(i), px, py);
      if ((p >= state.threshold) !== (kind === 1)) rings += ringAround(px, py);
    }
    wrong.setAttribute("d", rings);
    const px = at(x(state.threshold));
    cut.setAttribute("x1", px);
    cut.setAttribute("x2", px);
    const write = (element, key, n) => { element.textContent = t(key, { n: whole(n) }); };
    write(counts[1], "s09.n_wrong", missed);
    write(others[1], "s09.n_right", found);
    write(counts[0], "s09.n_right", spared);
    write(others[0], "s09.n_wrong", raised);
  }

  function drawScores(list, [[spared, raised], [missed, found]]) {
    const roc = state.scores === "roc";
    const { x, y } = score.axes(
      { low: 0, high: 1, name: t(roc ? "s09.false" : "s09.predicted") },
      { low: 0, high: 1, name: t(roc ? "s09.true" : "s09.observed") });
    for (const [name, value] of Object.entries({ x1: x(0), y1: y(0), x2: x(1), y2: y(1) })) {
      even.setAttribute(name, at(value));
    }
    const line = roc ? corners()
      : calibrationGroups(list, GROUPS).map(({ predicted, observed }) => [predicted, observed]);
    const places = line.map(([across, up]) => [x(across), y(up)]);
    curve.setAttribute("d", pathThrough(places));
    spots.replaceChildren(...(roc ? [] : places).map(([px, py]) =>
      svg("path", { class: "spot", d: `M${at(px)} ${at(py - 6)}l6 6l-6 6l-6-6Z` })));
    const known = roc && line.length > 0;
    here.toggleAttribute("hidden", !known);
    if (known) {
      here.setAttribute("cx", at(x(raised / (spared + raised))));
      here.setAttribute("cy", at(y(found / (missed + found))));
    }
  }

  function redraw() {
    const list = ranked(), n = list.length;
    const table = confusion(list, state.threshold), [[spared, raised], [missed, found]] = table;
    const right = spared + found, { pairs, ordered } = orderedPairs(list);
    slide.control.value = String(state.threshold);
    box.write(state.threshold);
    which.write();
    which.control.value = state.scored;
    view.write();
    view.control.value = state.scores;
    scrub.write(Math.max(LATER_STEPS, furthest()));
    const usable = list.every(({ p }) => Number.isFinite(p));
    drawLanes(list, table);
    drawScores(list, table);
    const mean = list.reduce((sum, { p }) => sum + p, 0) / n, ones = (missed + found) / n;
    const write = (name, value, text) => {
      shown[name].textContent = Number.isNaN(value) ? "–" : text;
      shown[name].value = String(value);
    };
    write("right", right / n, percent(right / n));
    write("found", found / (missed + found), percent(found / (missed + found)));
    write("spared", spared / (spared + raised), percent(spared / (spared + raised)));
    write("auc", ordered / pairs, fixed(ordered / pairs, 4));
    write("mean", mean, fixed(mean, 3));
    write("ones", ones, fixed(ones, 3));
    cells.forEach((row, y) => row.forEach((cell, answer) => {
      cell.textContent = whole(table[y][answer]);
    }));
    rowHeads.forEach((head, y) => fill(head, "s09.truly", { name: named(y) }));
    columnHeads.forEach((head, y) =>
      fill(head, "s09.answered", { name: cutName(lesson.classes[y]) }));
    const values = { part: t(state.scored), threshold: short(state.threshold), right: whole(right),
      n: whole(n), accuracy: percent(right / n), missed: whole(missed), raised: whole(raised),
      pairs: whole(pairs), ordered: whole(Math.floor(ordered)), auc: fixed(ordered / pairs, 4) };
    fill(caption, usable && pairs ? "s09.caption" : "s09.caption_one", values);
    fill(scoreSaid, state.scores === "roc" ? (pairs ? "s09.said_roc" : "s09.said_none")
      : Math.abs(mean - ones) < 0.01 ? "s09.said_even"
        : mean > ones ? "s09.said_high" : "s09.said_low",
    { auc: values.auc, mean: fixed(mean, 3), ones: fixed(ones, 3) });
    twin.draw();
    scoreTwin.draw();
  }
  return redraw;
});
