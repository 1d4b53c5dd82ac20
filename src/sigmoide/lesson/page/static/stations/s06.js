// Station 6: the loss, step by step, and how far the optimum still is.

field("loss_axis", "linear", oneOf("linear", "log"));
field("loss_upto", lesson.steps, wholeIn(1, 1e7));

station("s06", ({ controls, picture, caption, more }) => {
  const graph = graphPicture(picture, "s06", "s06.still");
  const { left, right, top, bottom } = graph.box;
  const LEAST = 1e-8; // the lower end of the logarithmic axis
  const ranges = [...new Set([lesson.steps, 1000, 10000, lesson.most_steps, MOST_STEPS])]
    .sort((a, b) => a - b);
  /** How many steps are seen: never fewer than were taken. */
  const seen = () =>
    ranges.find((n) => n >= Math.max(state.loss_upto, state.step)) ?? ranges.at(-1);

  // --- controls
  const axis = choice("s06-axis", "s06.axis",
    () => [["linear", t("s06.linear")], ["log", t("s06.log")]],
    (kind) => change({ loss_axis: kind }));
  const upto = choice("s06-upto", "s06.upto", () => ranges.map((n) => [String(n), whole(n)]),
    (n) => change({ loss_upto: Number(n), step: Math.min(state.step, Number(n)), playing: false }));
  const scrub = stepControl("s06-step");
  const rate = rateControls("s06");
  controls.append(
    html("div", { class: "row" }, axis.box, upto.box),
    html("div", { class: "row" }, ...scrub.boxes),
    html("div", { class: "row" }, ...rate.boxes));

  // --- the picture
  const curve = (kind) => graph.inside.appendChild(svg("path", { class: kind }));
  const line = (where, kind) => where.appendChild(svg("line", { class: kind }));
  const train = curve("curve"), test = curve("curve second");
  const best = line(graph.inside, "best"), end = line(graph.inside, "mark");
  const drop = line(graph.over, "drop");
  const dot = graph.over.appendChild(svg("circle", { class: "now", r: 5.5 }));
  const levels = lesson.gaps.map(() => [line(graph.inside, "mark"),
    graph.over.appendChild(svg("text", { class: "onpicture" }))]);
  const endSaid = graph.over.appendChild(svg("text", { class: "onpicture" }));
  const put = (element, numbers) => {
    for (const name in numbers) element.setAttribute(name, at(numbers[name]));
  };
  const hide = (element, hidden) => element.toggleAttribute("hidden", hidden);

  // --- the gauge and the counters
  const gapShown = html("data", { id: "s06-gap" });
  const toGo = html("p", { class: "to_go" }, said("s06.to_go"), " ", gapShown);
  const bar = svg("rect", { class: "left", x: 0, y: 0, height: 12, width: 0, id: "s06-bar" });
  const gauge = svg("svg", { class: "gauge", viewBox: "0 0 560 12", "aria-hidden": "true",
    preserveAspectRatio: "none" },
  svg("rect", { class: "all", x: 0, y: 0, width: 560, height: 12 }), bar);
  const counters = lesson.gaps.map((gap, k) => {
    const [all, rest] = ["all", "rest"].map((name) => html("data", { id: `s06-${name}${k}` }));
    return { k, gap, all, rest, name: html("th", { scope: "row" }) };
  });
  const notebook = html("th", { scope: "row" });
  const counted = html("table", { id: "s06-counters" },
    html("thead", {}, html("tr", {}, html("th", { scope: "col" }, said("s06.goal")),
      html("th", { scope: "col" }, said("s06.in_all")),
      html("th", { scope: "col" }, said("s06.from_here")))),
    html("tbody", {}, ...counters.map(({ name, all, rest }) =>
      html("tr", {}, name, html("td", {}, all), html("td", {}, rest))),
    html("tr", {}, notebook, html("td", { id: "s06-notebook" }), html("td", { id: "s06-left" }))));
  const twin = tableTwin("s06-table",
    () => [t("step"), t("s06.train"), t("s06.test"), t("s06.gap")],
    () => {
      const walk = longDescent(), last = seen();
      const wanted = Array.from({ length: 26 }, (_, k) => Math.round((k * last) / 25));
      let row = 0;
      const rows = wanted.flatMap((step) => {
        while (row < walk.kept.length - 1 && walk.kept[row + 1][0] <= step) row++;
        return walk.step >= step ? [walk.kept[row]] : [];
      });
      return [...new Set(rows)].map(([step, loss, testLoss]) => {
        const gap = distance(loss);
        return [whole(step), [fixed(loss, 4), loss], [fixed(testLoss, 4), testLoss],
          gap === null ? "–" : [little(gap), gap]];
      });
    });
  const proof = html("p", { id: "s06-proof" });
  more.append(toGo, gauge, counted, proof, twin.box);

  /** How far above the optimum's a loss is; null where there is no optimum. */
  function distance(loss) {
    const { best: least } = longDescent();
    return Number.isNaN(least) ? null : Math.max(loss - least, 0);
  }

  function drawCounters() {
    const walk = longDescent();
    for (const { k, gap, all, rest, name } of counters) {
      const found = stepsTo(walk, k);
      fill(name, "s06.within", { gap: short(gap) });
      all.removeAttribute("value");
      rest.removeAttribute("value");
      rest.textContent = "–";
      if (found === null) all.textContent = "–";
      else if (found.never) all.textContent = t("s06.never");
      else if (found.more !== undefined) fill(all, "s06.more_than", { steps: whole(found.more) });
      else if (found.counting !== undefined) {
        fill(all, "s06.counting", { steps: whole(found.counting) });
      } else {
        const still = Math.max(found.steps - state.step, 0);
        [all.textContent, all.value] = [whole(found.steps), String(found.steps)];
        [rest.textContent, rest.value] = [still ? whole(still) : t("s06.there"), String(still)];
      }
    }
    fill(notebook, "s06.notebook");
    document.getElementById("s06-notebook").textContent = whole(lesson.steps);
    const still = Math.max(lesson.steps - state.step, 0);
    document.getElementById("s06-left").textContent = still ? whole(still) : t("s06.there");
  }

  function drawProof() {
    const goal = optimum();
    proof.hidden = !goal;
    if (!goal) return;
    const key = !untouched() ? "s06.proof_here" : goal.proved ? "s06.proof" : "s06.not_proved";
    const [w1, w2, b] = goal.theta.map((value) => fixed(value, 4));
    fill(proof, key, { w1, w2, b, loss: fixed(goal.loss, 4), delta: anySize(goal.delta, 2),
      distance: anySize(goal.distance ?? Infinity, 2), half: short(0.5) });
  }

  // --- drawing: the curves only where they have changed
  let drawn = "", drawnWalk = null, place = null;
  function drawCurves() {
    const walk = longDescent(), last = seen(), log = state.loss_axis === "log";
    const now = [last, state.loss_axis, walk.kept.length, language].join();
    if (now === drawn && walk === drawnWalk) return;
    [drawn, drawnWalk] = [now, walk];
    const within = walk.kept.filter(([step]) => step <= last);
    const losses = within.flatMap(([, loss, other]) => (log ? [loss] : [loss, other]))
      .filter(Number.isFinite);
    const known = !Number.isNaN(walk.best), measured = log && known;
    const high = losses.reduce((a, b) => Math.max(a, b), 0) - (measured ? walk.best : 0);
    const low = losses.reduce((a, b) => Math.min(a, b), Infinity);
    const decade = (value, round) => Number(`1e${round(Math.log10(Math.max(value, LEAST)))}`);
    place = graph.axes(
      { low: 0, high: last, name: t("step"), write: whole },
      log ? { low: measured ? LEAST : decade(low, Math.floor),
        high: Math.max(decade(high, Math.ceil), 10 * LEAST), log,
        name: t(measured ? "s06.gap" : "s06.loss") }
        : { low: 0, high: high * 1.05 || 1, name: t("s06.loss") });
    const height = (loss) => place.y(measured ? Math.max(loss - walk.best, LEAST / 100) : loss);
    place.height = (loss) => Math.min(Math.max(height(loss), top), bottom);
    const draw = (element, column) => element.setAttribute("d", pathThrough(
      within.filter((row) => Number.isFinite(row[column]))
        .map((row) => [place.x(row[0]), height(row[column])])));
    draw(train, 1);
    if (measured) test.setAttribute("d", "");
    else draw(test, 2);
    if (!log && walk.done && walk.step < last && Number.isFinite(walk.loss)) {
      // It stands still from here on.
      train.setAttribute("d", `${train.getAttribute("d")}H${right}`);
    }
    hide(best, !known || log);
    if (known && !log) {
      put(best, { x1: left, x2: right, y1: height(walk.best), y2: height(walk.best) });
    }
    for (const element of [end, endSaid]) hide(element, last <= lesson.steps);
    const x = place.x(lesson.steps);
    put(end, { x1: x, x2: x, y1: top, y2: bottom });
    // Words stand where the curve does not pass.
    put(endSaid, { x: x + 6, y: log ? bottom - 8 : top + 16 });
    fill(endSaid, "s06.notebook");
    levels.forEach(([mark, text], k) => {
      for (const element of [mark, text]) hide(element, !measured);
      if (!measured) return;
      const y = place.y(lesson.gaps[k]);
      put(mark, { x1: left, x2: right, y1: y, y2: y });
      const passes = within.find(([, loss]) => loss - walk.best <= lesson.gaps[k])?.[0] ?? 0;
      const late = passes > last / 2;
      text.setAttribute("text-anchor", late ? "start" : "end");
      put(text, { x: late ? left + 6 : right - 6, y: y - 5 });
      fill(text, "s06.within", { gap: short(lesson.gaps[k]) });
    });
  }

  function drawNow() {
    const { step } = state, loss = lossAt(step), walk = longDescent();
    const gap = distance(loss), all = distance(lossAt(0));
    const fine = Number.isFinite(loss);
    hide(dot, !fine);
    hide(drop, !fine);
    if (fine) {
      const [x, y] = [place.x(step), place.height(loss)];
      put(dot, { cx: x, cy: y });
      put(drop, { x1: x, x2: x, y1: y, y2: bottom });
    }
    const known = gap !== null;
    toGo.hidden = !known;
    counted.hidden = !known;
    gauge.toggleAttribute("hidden", !known);
    const share = all > 0 ? gap / all : 0;
    if (known) {
      gapShown.textContent = little(gap);
      gapShown.value = String(gap);
      bar.setAttribute("width", at(560 * Math.min(share, 1)));
    }
    const kind = untouched() ? lesson.no_optimum?.kind : "";
    const reasons = { separated: "s06.none_separated", aliased: "s06.none_aliased" };
    const why = known ? "" : t(reasons[kind] ?? "s06.none");
    const key = !known ? "s06.caption_none" : state.loss_axis === "log" ? "s06.caption_log"
      : "s06.caption";
    fill(caption, key, {
      steps: step === 1 ? t("s06.one_step") : t("s06.steps", { steps: whole(step) }),
      rate: writeRate(state.rate), loss: fixed(loss, 4),
      test: fixed(meanLoss(walk.test, theta()), 4),
      best: fixed(walk.best, 4), gap: known ? little(gap) : "", share: little(100 * share, 2), why,
    });
  }

  // --- going on while the station is in sight, and never for long
  let later = 0;
  const seenNow = inSight("s06", goOnLater);
  function goOnLater() {
    if (!later && seenNow() && !longDescent().done) later = setTimeout(goOnNow, 0);
  }
  function goOnNow() {
    later = 0;
    goOn(longDescent(), performance.now() + 6);
    drawCurves();
    drawNow();
    drawCounters();
    if (longDescent().done) twin.draw();
    goOnLater();
  }

  function redraw() {
    const last = seen();
    axis.write();
    axis.control.value = state.loss_axis;
    upto.write();
    upto.control.value = String(last);
    scrub.write(Math.min(last, MOST_STEPS));
    rate.write();
    drawCurves();
    drawNow();
    drawCounters();
    drawProof();
    twin.draw();
    goOnLater();
  }
  return redraw;
});
