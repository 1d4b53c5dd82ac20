// Station 1: the data. What is changed here is what every station learns from.

station("s01", ({ controls, picture, caption, more }) => {
  const plane = planePicture(picture, "s01.still");
  const root = picture.querySelector("svg");
  const ring = svg("circle", { class: "chosen", r: 9, visibility: "hidden" });
  root.append(ring);
  const { view, frame } = lesson;
  const right = view.width - view.right, bottom = view.height - view.bottom;
  const x = scale(frame[0], frame[1], view.left, right);
  const y = scale(frame[2], frame[3], bottom, view.top);
  const value1 = scale(view.left, right, frame[0], frame[1]);
  const value2 = scale(bottom, view.top, frame[2], frame[3]);
  let chosen = null; // its number in the sample, which stays as others come and go
  let full = "";

  const count = () => state.points.y.length;
  const place = () => {
    const i = state.points.y.findIndex((_, k) => idOf(k) === chosen);
    return i < 0 ? 0 : i;
  };
  const pointAt = (i) => ({ x1: state.points.x1[i], x2: state.points.x2[i], y: state.points.y[i],
    train: state.points.train[i] });

  // --- changes
  function put(id, point, quietly = false) {
    const edits = withEdit(id, point);
    full = "";
    if (edits === null) {
      // What was refused, and why; everything stays as it was.
      full = readEdits(state.edits).size >= MOST_EDITS ? "s01.full" : "s01.last";
      return change({});
    }
    if (!quietly) return change({ edits, playing: false });
    // While a point is dragged only this picture follows; all the rest once it is let go.
    state.edits = edits;
    settlePoints();
    return redraw();
  }
  const alter = (part) => {
    chosen = idOf(place());
    put(chosen, { ...pointAt(place()), ...part });
  };
  function add(x1, x2) {
    const id = freeId();
    const like = pointAt(place());
    if (id === null) {
      full = "s01.full";
      return change({});
    }
    chosen = id;
    return put(id, { ...like, x1, x2 });
  }
  function remove() {
    const i = place(), id = idOf(i);
    const next = idOf(i + 1 < count() ? i + 1 : i - 1);
    const before = state.edits;
    put(id, null);
    if (state.edits !== before) {
      chosen = next;
      redraw();
    }
  }
  function draw(patch) {
    full = "";
    chosen = null;
    change({ ...patch, edits: "", playing: false });
  }

  // --- controls
  const presets = choice("s01-preset", "s01.preset",
    () => SAMPLES.map((name) => [name, t(`s01.${name}`)]), (data) => draw({ data }));
  const noise = slider("s01-noise", "s01.noise", { min: 0.1, max: 2, step: 0.1 },
    (value) => draw({ noise: value }));
  const noiseShown = html("output", { id: "s01-noise-shown", for: "s01-noise" });
  noise.box.append(noiseShown);
  const seed = numberBox("s01-seed", "s01.seed", { min: 0, max: 999999 },
    wholeIn(0, 999999), (value) => draw({ seed: value }));
  const pick = slider("s01-point", "s01.point", { min: 1, max: lesson.y.length },
    (n) => { chosen = idOf(n - 1); full = ""; change({}); });
  const pickShown = html("output", { id: "s01-point-shown", for: "s01-point" });
  pick.box.append(pickShown);
  const boxes = [0, 1].map((axis) => {
    const { unit, first, last } = rulers[axis];
    const [min, max] = [first, last].map((n) => Number((n * unit).toPrecision(12)));
    const name = `x${axis + 1}`;
    const move = (value) => {
      alter({ [name]: value });
      refresh(box, placed(value, axis));
    };
    const box = decimalBox(`s01-${name}`, "point", { min, max }, numberIn(min, max), move);
    // The column's own name: it is in no table, and is not to be marked up.
    const label = box.control.closest("label").firstChild;
    delete label.dataset.t;
    label.textContent = cutName(lesson.names[axis]);
    // Arrow keys move the point by a hundred units, with Shift by ten.
    box.control.addEventListener("keydown", (event) => {
      const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      move(pointAt(place())[name] + way * unit * (event.shiftKey ? 10 : 100));
    });
    return box;
  });
  const kind = choice("s01-class", "s01.class", () => lesson.classes.map((word, k) => [String(k),
    cutName(word)]), (word) => alter({ y: Number(word) }));
  const part = choice("s01-part", "part", () => [["1", t("train")], ["0", t("test")]],
    (word) => alter({ train: Number(word) }));
  const middle = () => add((frame[0] + frame[1]) / 2, (frame[2] + frame[3]) / 2);
  const more1 = button("s01-add", "s01.add", middle);
  const less = button("s01-remove", "s01.remove", remove);
  const undo = button("s01-undo", "s01.undo", () => draw({}));
  if (!lesson.own) {
    controls.append(html("div", { class: "row" }, presets.box, seed.box),
      html("div", { class: "row" }, noise.box));
  }
  controls.append(html("div", { class: "row" }, pick.box),
    html("div", { class: "row" }, ...boxes.map(({ box }) => box), kind.box, part.box),
    html("div", { class: "row" }, more1, less, undo));

  // --- the mouse, or a finger
  let held = null;
  const spot = (event) => {
    const box = root.getBoundingClientRect();
    return [(event.clientX - box.left) * view.width / box.width,
      (event.clientY - box.top) * view.height / box.height];
  };
  function nearest(px, py) {
    let best = -1, least = 12;
    for (let i = 0; i < count(); i++) {
      const far = Math.hypot(x(state.points.x1[i]) - px, y(state.points.x2[i]) - py);
      if (far < least) [best, least] = [i, far];
    }
    return best;
  }
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [px, py] = spot(event), i = nearest(px, py);
    held = { i, px, py, moved: false, before: state.edits };
    if (i < 0) return;
    event.preventDefault();
    root.setPointerCapture(event.pointerId);
    chosen = idOf(i);
    full = "";
    if (state.playing) change({ playing: false });
    else redraw();
  });
  // A finger on a point moves the point; anywhere else it moves the page.
  root.addEventListener("touchstart", (event) => {
    if (nearest(...spot(event.touches[0])) >= 0) event.preventDefault();
  }, { passive: false });
  root.addEventListener("pointermove", (event) => {
    if (!held || held.i < 0) return;
    const [px, py] = spot(event);
    if (!held.moved && Math.hypot(px - held.px, py - held.py) < 3) return;
    held.moved = true;
    put(chosen, { ...pointAt(place()), x1: value1(px), x2: value2(py) }, true);
  });
  root.addEventListener("pointerup", (event) => {
    const was = held;
    held = null;
    if (!was) return;
    const [px, py] = spot(event);
    if (was.moved) change({ edits: state.edits });
    else if (was.i < 0 && Math.hypot(px - was.px, py - was.py) < 3
      && px >= view.left && px <= right && py >= view.top && py <= bottom) {
      add(value1(px), value2(py));
    }
  });
  root.addEventListener("pointercancel", () => {
    if (held?.moved) change({ edits: held.before });
    held = null;
  });

  // --- numbers
  const table = tableTwin("s01-table",
    () => [t("point"), lesson.names[0], lesson.names[1], lesson.target, t("part"),
      t("s01.changed")],
    () => {
      const { points } = state, edits = readEdits(state.edits);
      return points.y.map((y01, i) => [String(i + 1),
        ...[points.x1[i], points.x2[i]].map((value) => [fixed(value, 3), value]),
        lesson.classes[y01], t(points.train[i] ? "train" : "test"),
        t(edits.has(idOf(i)) ? "s01.yes" : "s01.no")]);
    });
  const code = codeBox("s01");
  more.append(table.box, code.box);

  function refresh(box, value) {
    if (box.show) return box.show(value);
    box.control.value = String(value);
    return box.control.setAttribute("aria-invalid", "false");
  }
  // A box in which somebody is typing is left alone.
  const show = (box, value) => {
    if (document.activeElement !== box.control) refresh(box, value);
  };

  function whichOptimum() {
    const best = optimum();
    if (best) return t("s01.optimum", { loss: fixed(best.loss, 4) });
    if (untouched()) {
      const { kind, complete } = lesson.no_optimum ?? {};
      if (kind === "aliased") return t("s01.aliased");
      if (kind === "separated") return t(complete ? "s01.complete" : "s01.touching");
    }
    return t(`s01.${separation(trainRows())}`);
  }

  function redraw() {
    const { points } = state, i = place(), now = pointAt(i);
    plane.draw({ theta: [0, 0, 0], best: optimum()?.theta });
    ring.setAttribute("visibility", chosen === null ? "hidden" : "visible");
    ring.setAttribute("cx", at(x(now.x1)));
    ring.setAttribute("cy", at(y(now.x2)));
    presets.write();
    presets.control.value = state.data;
    noise.control.value = String(state.noise);
    noiseShown.textContent = short(state.noise);
    show(seed, state.seed);
    pick.control.max = String(points.y.length);
    pick.control.value = String(i + 1);
    pickShown.textContent = `${whole(i + 1)} / ${whole(points.y.length)}`;
    boxes.forEach((box, axis) => show(box, Number([now.x1, now.x2][axis].toPrecision(6))));
    kind.control.value = String(now.y);
    part.write();
    part.control.value = String(now.train);
    const ones = points.y.filter((y01) => y01 === 1).length;
    const learn = trainRows().y.length;
    const edits = readEdits(state.edits).size;
    caption.replaceChildren(...marked(t("s01.caption", { n: whole(points.y.length),
      ones: whole(ones), zeros: whole(points.y.length - ones), train: whole(learn),
      test: whole(points.y.length - learn) })), " ", whichOptimum(),
    ...(edits ? [" ", t(edits === 1 ? "s01.edited_one" : "s01.edited", { n: whole(edits) })] : []),
    ...(full ? [" ", t(full)] : []));
    table.draw();
    code.draw();
  }
  return redraw;
});
