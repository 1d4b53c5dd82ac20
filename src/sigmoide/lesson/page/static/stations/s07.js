// Station 7: the loss on the plane through start, lesson's end and optimum; two ways down.

field("newton", "brake", oneOf("only", "free", "brake"));
field("jumps", lesson.way ? lesson.way.newton.path.length - 1 : 0, wholeIn(0, 60));

station("s07", ({ controls, picture, caption, more }) => {
  const LEVELS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
  const LATER = 2000; // where there is no optimum, the descent after so many steps stands for it
  const GRID = [81, 61], PIXELS = [240, 170];
  const box = { left: 50, right: 546, top: 14, bottom: 390 };
  const wide = box.right - box.left, high = box.bottom - box.top;

  // --- what there is to see
  const minus = (a, b) => a.map((value, j) => value - b[j]);
  const dot = (a, b) => a.reduce((sum, value, j) => sum + value * b[j], 0);
  const unit = (a) => a.map((value) => value / norm(a));

  function planeThrough(start, end, goal) {
    const along = unit(minus(goal, start));
    for (const way of [minus(end, start), [1, 0, 0], [0, 1, 0], [0, 0, 1]]) {
      const rest = minus(way, along.map((value) => value * dot(way, along)));
      if (norm(rest) > 1e-9 * Math.max(1, norm(way))) return [along, unit(rest)];
    }
    return undefined;
  }

  /** The ways of Newton's method: Python's while the points are, else the page's own. */
  function ways() {
    return remember("s07 ways", [state.points], () => {
      if (untouched() && lesson.way) {
        const isThere = (theta) => theta.every((value) => typeof value === "number");
        const read = ({ path, arrived }) => ({ path: path.filter(isThere), arrived });
        return { brake: read(lesson.way.newton), free: read(lesson.way.unbraked) };
      }
      const go = (brake) => {
        const { path, delta } = newton(trainRows(), lesson.start, 50, brake);
        const finite = path.filter((theta) => theta.every(Number.isFinite));
        return { path: finite, arrived: delta < 1e-6 };
      };
      return { brake: go(true), free: go(false) };
    });
  }

  /** Plane, frame and loss on it: once for each set of points. */
  function land() {
    return remember("s07 land", [state.points], () => {
      const best = optimum(), goal = best ? best.theta : thetaAt(LATER);
      const end = untouched() ? lesson.end : thetaAt(lesson.steps);
      const axes = planeThrough(lesson.start, end, goal);
      const onto = (theta) => axes.map((axis) => dot(minus(theta, lesson.start), axis));
      const near = best ? ways().brake.path : [];
      const seen = [lesson.start, end, goal, ...near].map(onto);
      const span = (j) => {
        const all = seen.map((at) => at[j]), low = Math.min(...all), top = Math.max(...all);
        const room = 0.15 * (top - low || 1);
        return [low - room, top + room];
      };
      const [u, v] = [span(0), span(1)];
      // A picture needs neither every one of very many points.
      const rows = trainRows(), stride = 1 + Math.floor(rows.y.length / 300);
      const some = { x1: [], x2: [], y: [] };
      for (let i = 0; i < rows.y.length; i += stride) {
        for (const name in some) some[name].push(rows[name][i]);
      }
      const floor = best ? meanLoss(some, goal) : 0;
      const logs = [];
      for (let r = 0; r < GRID[1]; r++) {
        for (let c = 0; c < GRID[0]; c++) {
          const a = u[0] + (c / (GRID[0] - 1)) * (u[1] - u[0]);
          const b = v[0] + (r / (GRID[1] - 1)) * (v[1] - v[0]);
          const theta = lesson.start.map((value, j) => value + a * axes[0][j] + b * axes[1][j]);
          logs.push(Math.log10(Math.max(meanLoss(some, theta) - floor, 1e-6)));
        }
      }
      return { best, end, goal, onto, u, v, logs,
        x: scale(...u, box.left, box.right), y: scale(...v, box.bottom, box.top) };
    });
  }

  /** The segments of one level, in places of the picture. */
  function contour({ logs }, level) {
    const [columns, rows] = GRID;
    return levelSegments(logs, columns, rows, level).map((ends) => ends.map(([c, r]) =>
      [box.left + (c / (columns - 1)) * wide, box.bottom - (r / (rows - 1)) * high]));
  }

  // --- picture
  const canvas = html("canvas", { width: PIXELS[0], height: PIXELS[1], "aria-hidden": "true" });
  const share = (part, of) => `${(100 * part) / of}%`;
  canvas.style.left = share(box.left, 560);
  canvas.style.top = share(box.top, 440);
  canvas.style.width = share(wide, 560);
  canvas.style.height = share(high, 440);
  const [grid, marks] = [svg("g"), svg("g")];
  const descentLine = svg("path", { class: "curve", id: "s07-descent" });
  const newtonLine = svg("path", { class: "curve second", id: "s07-newton-way" });
  const jumpMarks = svg("path", { class: "c1 point", id: "s07-stops" });
  const now = svg("circle", { class: "now", r: 6 });
  // An inner picture cuts at its edges.
  const inner = svg("svg", { x: box.left, y: box.top, width: wide, height: high,
    viewBox: `${box.left} ${box.top} ${wide} ${high}` }, descentLine, newtonLine, jumpMarks, now);
  const drawing = svg("svg", { viewBox: "0 0 560 440", role: "img" }, grid, inner, marks);
  picture.replaceChildren(canvas, drawing);
  picture.classList.add("live");
  const brush = canvas.getContext("2d"), image = brush.createImageData(...PIXELS);
  let known = [];

  function paint({ logs }) {
    const [tint, ground] = [colour("--tint0"), colour("--ground")];
    const levels = LEVELS.map(Math.log10), [columns, rows] = PIXELS;
    for (let r = 0, k = 0; r < rows; r++) {
      const b = (1 - (r + 0.5) / rows) * (GRID[1] - 1), i = Math.floor(b), s = b - i;
      for (let c = 0; c < columns; c++, k += 4) {
        const a = ((c + 0.5) / columns) * (GRID[0] - 1), j = Math.floor(a), w = a - j;
        const cell = i * GRID[0] + j;
        const log = (1 - s) * ((1 - w) * logs[cell] + w * logs[cell + 1])
          + s * ((1 - w) * logs[cell + GRID[0]] + w * logs[cell + GRID[0] + 1]);
        const deep = levels.filter((level) => log < level).length / levels.length;
        for (let n = 0; n < 3; n++) image.data[k + n] = ground[n] + deep * (tint[n] - ground[n]);
        image.data[k + 3] = 255;
      }
    }
    brush.putImageData(image, 0, 0);
  }

  function drawLand(seen) {
    const text = (kind, x, y, said, anchor = "middle") =>
      svg("text", { class: kind, "text-anchor": anchor, x: at(x), y: at(y) }, said);
    const parts = [svg("rect", { class: "frame", x: box.left, y: box.top, width: wide,
      height: high })];
    for (const value of roundTicks(...seen.u)) {
      parts.push(text("tick", seen.x(value), box.bottom + 19, short(value)));
    }
    for (const value of roundTicks(...seen.v)) {
      parts.push(text("tick", box.left - 6, seen.y(value) + 4, short(value), "end"));
    }
    parts.push(text("axis", (box.left + box.right) / 2, 432,
      `${t(seen.best ? "s07.along" : "s07.along_far")} →`));
    parts.push(svg("text", { class: "axis", "text-anchor": "middle",
      transform: `translate(13 ${(box.top + box.bottom) / 2}) rotate(-90)` },
    `${t("s07.across")} →`));
    const labels = [];
    LEVELS.forEach((level) => {
      const found = contour(seen, Math.log10(level));
      parts.push(svg("path", { class: "contour level",
        d: found.map(([a, b]) => `M${at(a[0])} ${at(a[1])}L${at(b[0])} ${at(b[1])}`).join("") }));
      // Its number where it comes near the lower edge, away from the ways.
      const spot = found.map(([a]) => a)
        .filter(([x]) => x > box.left + 20 && x < box.right - 24
          && labels.every(([other]) => Math.abs(other - x) > 44))
        .sort((a, b) => Math.abs(a[1] - box.bottom + 30) - Math.abs(b[1] - box.bottom + 30))[0];
      if (spot && spot[1] > box.bottom - 60 && level >= 0.01) labels.push([...spot, short(level)]);
    });
    grid.replaceChildren(...parts,
      ...labels.map(([x, y, said]) => text("onpicture", x, y + 4, said)));
    const place = (theta) => { const [a, b] = seen.onto(theta); return [seen.x(a), seen.y(b)]; };
    const named = [];
    const name = (theta, key, kind, shape, below) => {
      const [x, y] = place(theta);
      named.push(svg("path", { class: kind, transform: `translate(${at(x)} ${at(y)})`, d: shape }),
        text("onpicture", Math.min(Math.max(x, box.left + 30), box.right - 60), y + below,
          t(key)));
    };
    name(lesson.start, "s07.start", "spot", "M-5-5H5V5H-5Z", 20);
    name(seen.end, "s07.end", "spot", "M0-6L6 5H-6Z", -12);
    if (seen.best) {
      name(seen.goal, "optimum", "spot goal",
        "M0-9L2.4-3 9-3 3.7 1 5.7 8 0 4-5.7 8-3.7 1-9-3-2.4-3Z", -14);
    }
    marks.replaceChildren(...named);
    drawing.setAttribute("aria-label", t("s07.still"));
  }

  // --- controls
  const scrub = slider("s07-step", "step", { min: 0, max: lesson.steps },
    (step) => change({ step, playing: false }));
  const counter = html("output", { id: "s07-count", for: "s07-step" });
  const method = choice("s07-method", "s07.method",
    () => ["only", "free", "brake"].map((name) => [name, t(`s07.${name}`)]),
    (name) => change({ newton: name, jumps: 0 }));
  const jump = button("s07-jump", "s07.jump", () => {
    if (state.newton === "only") return change({ newton: "brake", jumps: 1 });
    const last = ways()[state.newton].path.length - 1;
    // At its end it begins anew.
    return change({ jumps: Math.min(last, state.jumps >= last ? 1 : state.jumps + 1) });
  });
  const back = button("s07-back", "s07.back", () => change({ jumps: 0 }));
  controls.append(
    html("div", { class: "row" }, scrub.box, html("p", { class: "counter" }, counter)),
    html("div", { class: "row" }, method.box, jump, back));

  const little = (value) => {
    if (Math.abs(value) < 1e-6) return t("s07.little");
    return Math.abs(value) < 1e9 ? short(Number(value.toPrecision(3))) : fixed(value, 3);
  };
  const table = tableTwin("s07-table",
    () => [t("s07.way"), t("s07.number"), "w₁", "w₂", "b", t("s05.loss"),
      ...optimum() ? [t("s07.gap")] : []],
    () => {
      const best = optimum(), rows = trainRows();
      const row = (way, number, theta) => {
        const loss = meanLoss(rows, theta);
        return [way, whole(number), ...theta.map((value) => [fixed(value, 4), value]),
          [fixed(loss, 4), loss], ...best ? [[little(loss - best.loss), loss - best.loss]] : []];
      };
      const steps = [...new Set([0, 1, 10, lesson.steps, state.step])]
        .filter((step) => step <= state.step).sort((a, b) => a - b);
      const jumped = state.newton === "only" ? []
        : ways()[state.newton].path.slice(0, state.jumps + 1);
      return [...steps.map((step) => row(t("s07.descent"), step, thetaAt(step))),
        ...jumped.map((theta, k) => row(t(`s07.${state.newton}`), k, theta))];
    });
  more.append(table.box);

  /** Places of a way, those far outside brought near enough to be drawn. */
  function placed(seen, thetas) {
    return thetas.map((theta) => {
      // In places, from the middle: dashes of a line ten thousand pictures long are not drawn.
      const [a, b] = seen.onto(theta), far = [seen.x(a) - 280, seen.y(b) - 200];
      const k = Math.min(1, 3000 / norm(far));
      return [280 + k * far[0], 200 + k * far[1]];
    });
  }
  const line = (places) => places.map(([x, y], k) => `${k ? "L" : "M"}${at(x)} ${at(y)}`).join("");

  function redraw() {
    const { step, newton: which } = state, seen = land(), rows = trainRows();
    const fresh = [seen, language, colour("--tint0").join()];
    if (fresh.some((value, k) => value !== known[k])) {
      if (seen !== known[0] || fresh[2] !== known[2]) paint(seen);
      drawLand(seen);
      known = fresh;
    }
    const shown = [];
    for (let i = 0; i < step; i += Math.max(1, Math.floor(i / 60))) shown.push(thetaAt(i));
    const present = theta(), places = placed(seen, [...shown, present]);
    descentLine.setAttribute("d", line(places));
    now.setAttribute("cx", at(places[places.length - 1][0]));
    now.setAttribute("cy", at(places[places.length - 1][1]));
    counter.textContent = whole(step);
    scrub.control.max = String(Math.max(lesson.steps, furthest()));
    scrub.control.value = String(step);
    method.write();
    method.control.value = which;

    let newtonSaid = "";
    let stops = [];
    if (which !== "only") {
      const { path, arrived } = ways()[which], jumps = Math.min(state.jumps, path.length - 1);
      stops = placed(seen, path.slice(0, jumps + 1));
      const [x, y] = stops[jumps];
      const outside = x < box.left || x > box.right || y < box.top || y > box.bottom;
      newtonSaid = t(which === "free" ? "s07.say_free" : "s07.say_brake", { jumps: whole(jumps),
        loss: fixed(meanLoss(rows, path[jumps]), 4), outside: outside ? t("s07.outside") : "" });
      if (jumps === path.length - 1) {
        newtonSaid += ` ${t(arrived ? "s07.arrived" : "s07.stuck")}`;
      }
    }
    newtonLine.setAttribute("d", line(stops));
    jumpMarks.setAttribute("d",
      stops.map(([x, y]) => `M${at(x)} ${at(y - 6)}l6 6l-6 6l-6-6Z`).join(""));

    const [along, across] = seen.onto(present), loss = lossAt(step);
    fill(caption, seen.best ? "s07.caption" : "s07.caption_none", {
      step: whole(step), along: little(along), across: little(across),
      far: little(norm(minus(present, seen.goal))), later: whole(LATER), loss: fixed(loss, 4),
      gap: seen.best ? little(loss - seen.best.loss) : "", newton: newtonSaid,
    });
    table.draw();
  }
  return redraw;
}, { slow: true });
