// Station 5: the boundary, step by step. Its player moves the step of every station.

station("s05", ({ controls, picture, caption, more }) => {
  const plane = planePicture(picture, "s05.still");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let arrows = true;

  const goTo = (step) => change({ step: Math.min(Math.max(step, 0), MOST_STEPS), playing: false });

  // --- playing
  let last = 0, owed = 0;
  function frame(now) {
    if (!state.playing) return;
    // Twenty steps a second; past the lesson's end faster and faster, for less and less happens.
    // The frame may have begun before the button was pressed.
    owed += Math.min(Math.max(now - last, 0), 100) / 1000 * Math.max(20, state.step / 5);
    last = now;
    const steps = Math.floor(owed);
    owed -= steps;
    if (steps) {
      const end = state.step < lesson.steps ? lesson.steps : MOST_STEPS;
      const step = Math.min(state.step + steps, end);
      change({ step, playing: step < end });
    }
    requestAnimationFrame(frame);
  }
  function playOrPause() {
    if (state.playing) return change({ playing: false });
    const again = state.step === lesson.steps || state.step === MOST_STEPS;
    if (calm.matches) {
      // Nothing moves by itself: the end is shown at once.
      return goTo(state.step < lesson.steps ? lesson.steps : state.step + lesson.steps);
    }
    change({ playing: true, step: again ? 0 : state.step });
    [last, owed] = [performance.now(), 0];
    requestAnimationFrame(frame);
    return undefined;
  }

  // --- controls
  const play = button("s05-play", "s05.play", playOrPause);
  const jumps = [1, 10, 100].map((n) =>
    button(`s05-plus${n}`, "s05.plus", () => goTo(state.step + n), { n }));
  const restart = button("s05-restart", "s05.restart", () => goTo(0));
  const scrub = slider("s05-scrub", "go_to", { min: 0, max: lesson.steps }, goTo);
  const rate = rateControls("s05");
  const pulls = tick("s05-arrows", "s05.arrows", arrows, (on) => { arrows = on; redraw(); });
  controls.append(
    html("div", { class: "row" }, play, ...jumps, restart),
    html("div", { class: "row" }, scrub.box, html("p", { class: "counter" }, said("step"), " ",
      html("output", { id: "s05-step", for: "s05-scrub" }))),
    html("div", { class: "row" }, ...rate.boxes, pulls.box));

  // --- numbers
  const names = ["w₁", "w₂", "b"];
  const numbers = names.map((name, i) => {
    const shown = html("data", { id: `s05-${["w1", "w2", "b"][i]}` });
    return [html("span", { class: "number" }, `${name} = `, shown), shown];
  });
  const lossShown = html("data", { id: "s05-loss" });
  const lines = html("pre", { id: "s05-printed", class: "printed", tabindex: "0", role: "region",
    "data-t-label": "s05.printed", "aria-label": t("s05.printed") });
  const table = tableTwin("s05-table",
    () => [t("point"), lesson.names[0], lesson.names[1], lesson.target, t("part"),
      t("probability"), t("s05.pull1", { name: "w₁" }), t("s05.pull1", { name: "w₂" })],
    () => {
      const { points } = state, now = theta();
      return points.y.map((y, i) => {
        const [x1, x2] = [points.x1[i], points.x2[i]];
        const p = sigmoid(predictor(now, x1, x2));
        const pull = (x) => (points.train[i] ? [fixed((y - p) * x, 3), (y - p) * x] : "–");
        return [String(i + 1), [fixed(x1, 3), x1], [fixed(x2, 3), x2], lesson.classes[y],
          t(points.train[i] ? "train" : "test"), [fixed(p, 3), p], pull(x1), pull(x2)];
      });
    });
  const code = codeBox("s05");
  more.append(
    html("p", { class: "numbers" }, ...numbers.map(([element]) => element),
      html("span", { class: "number" }, said("s05.loss"), " = ", lossShown)),
    html("h3", {}, said("s05.printed")), lines, table.box, code.box);

  const show = (element, value, digits) => {
    element.textContent = fixed(value, digits);
    element.value = String(value);
  };

  function whichLine(now) {
    const [w1, w2] = now;
    if (!now.every(Number.isFinite) || !(w1 || w2)) return "line_none";
    if (!boundarySegment(now, lesson.frame)) return "line_outside";
    // As it is seen: in the units of the picture.
    const [left, right, low, high] = lesson.frame;
    const rise = -w1 * (right - left), run = w2 * (high - low);
    if (run === 0) return "line_vertical";
    if (rise === 0) return "line_flat";
    if (Math.abs(rise) > 12 * Math.abs(run)) return "line_steep";
    return rise / run > 0 ? "line_up" : "line_down";
  }

  function redraw() {
    const { step } = state, now = theta(), rows = testRows();
    plane.draw({ theta: now, best: optimum()?.theta, arrows });
    names.forEach((_, i) => show(numbers[i][1], now[i], 4));
    show(lossShown, lossAt(step), 4);
    fill(play.firstChild, state.playing ? "s05.pause" : "s05.play");
    play.firstChild.dataset.t = state.playing ? "s05.pause" : "s05.play";
    document.getElementById("s05-step").textContent = whole(step);
    scrub.control.max = String(Math.max(lesson.steps, furthest()));
    scrub.control.value = String(step);
    rate.write();
    const said = printed(step);
    const text = said.length ? said.join("\n") : t("s05.nothing_printed");
    if (lines.textContent !== text) {
      // To be scrolled, the page has to be laid out anew: not at every step.
      lines.textContent = text;
      lines.scrollTop = lines.scrollHeight;
    }
    fill(caption, step === 1 ? "s05.caption_one" : "s05.caption", {
      step: whole(step), rate: writeRate(state.rate), loss: fixed(lossAt(step), 4),
      right: rightAnswers(rows, now), total: rows.y.length, line: t(`s05.${whichLine(now)}`),
    });
    table.draw();
    code.draw();
  }
  return redraw;
});
