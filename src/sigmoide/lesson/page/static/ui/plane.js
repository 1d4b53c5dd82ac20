// The plane of the points: probability as a surface, contours, points, arrows. stills/plane.py
// draws the same without a script.

const LOGIT = Math.log(9); // of 0.9
const CELLS = [128, 96];

/** A name of the data's, in so many letters at the most. */
const cutName = (name) => (name.length > 30 ? `${name.slice(0, 29)}…` : name);

/** What an axis is called: the column, and its unit; or which direction, and what it holds. */
function axisName(axis) {
  const name = cutName(lesson.names[axis]);
  if (lesson.directions) {
    return t("direction", { name, share: fixed(100 * lesson.directions.shares[axis], 1) });
  }
  return lesson.scaled ? t("standardised", { name }) : name;
}

/** A picture of the plane in an element; draw() shows the state of the moment. */
function planePicture(root, titleKey) {
  const { view } = lesson;
  const right = view.width - view.right, bottom = view.height - view.bottom;
  const canvas = html("canvas", { width: CELLS[0], height: CELLS[1], "aria-hidden": "true" });
  const share = (part, of) => `${(100 * part) / of}%`;
  canvas.style.left = share(view.left, view.width);
  canvas.style.top = share(view.top, view.height);
  canvas.style.width = share(right - view.left, view.width);
  canvas.style.height = share(bottom - view.top, view.height);
  const [grid, lines, marks, pulls, labels] = ["", "", "", "arrows", ""].map((name) =>
    svg(name ? "path" : "g", name ? { class: name } : {}));
  const picture = svg("svg", { viewBox: `0 0 ${view.width} ${view.height}`, role: "img" },
    grid, lines, marks, pulls, labels);
  root.replaceChildren(canvas, picture);
  root.classList.add("live");
  const brush = canvas.getContext("2d");
  const image = brush.createImageData(...CELLS);
  let known = "";

  const place = (frame) => ({
    x: scale(frame[0], frame[1], view.left, right),
    y: scale(frame[2], frame[3], bottom, view.top),
  });

  function drawGrid(frame, { x, y }) {
    const rect = svg("rect", { class: "frame", x: view.left, y: view.top,
      width: right - view.left, height: bottom - view.top });
    const along = roundTicks(frame[0], frame[1]).map((value) => svg("text",
      { class: "tick", "text-anchor": "middle", x: at(x(value)), y: bottom + 19 }, short(value)));
    const up = roundTicks(frame[2], frame[3]).map((value) => svg("text",
      { class: "tick", "text-anchor": "end", x: view.left - 6, y: at(y(value) + 4) },
      short(value)));
    const name1 = svg("text", { class: "axis", "text-anchor": "middle",
      x: (view.left + right) / 2, y: view.height - 8 }, axisName(0));
    const name2 = svg("text", { class: "axis", "text-anchor": "middle",
      transform: `translate(13 ${(view.top + bottom) / 2}) rotate(-90)` }, axisName(1));
    grid.replaceChildren(rect, ...along, ...up, name1, name2);
    picture.setAttribute("aria-label", t(titleKey));
  }

  function drawMarks({ x, y }) {
    const { points } = state;
    marks.replaceChildren(...points.y.map((y01, i) => {
      const mark = pointMark(y01, !points.train[i]);
      placeMark(mark, x(points.x1[i]), y(points.x2[i]));
      return mark;
    }));
  }

  function drawSurface(frame, theta) {
    const [none, some, ground] = [colour("--tint0"), colour("--tint1"), colour("--ground")];
    const [columns, rows] = CELLS;
    const { data } = image;
    for (let r = 0, k = 0; r < rows; r++) {
      const x2 = frame[3] - ((r + 0.5) / rows) * (frame[3] - frame[2]);
      for (let c = 0; c < columns; c++, k += 4) {
        const x1 = frame[0] + ((c + 0.5) / columns) * (frame[1] - frame[0]);
        const lean = 2 * sigmoid(predictor(theta, x1, x2)) - 1;
        const [tint, much] = lean < 0 ? [none, -lean] : [some, lean];
        for (let j = 0; j < 3; j++) data[k + j] = ground[j] + much * (tint[j] - ground[j]);
        data[k + 3] = 255;
      }
    }
    brush.putImageData(image, 0, 0);
  }

  function drawLine(kind, theta, frame, { x, y }, eta = 0) {
    const ends = boundarySegment(theta, frame, eta);
    if (!ends) return null;
    const [[a1, a2], [b1, b2]] = ends;
    return svg("line", { class: kind, x1: at(x(a1)), y1: at(y(a2)), x2: at(x(b1)), y2: at(y(b2)) });
  }

  /** A word at the upper end of a line, kept inside the frame. */
  function drawLabel(line, word) {
    const end = (n) => [Number(line.getAttribute(`x${n}`)), Number(line.getAttribute(`y${n}`))];
    const [[ax, ay], [bx, by]] = [end(1), end(2)].sort((a, b) => a[1] - b[1]);
    const length = Math.hypot(bx - ax, by - ay);
    if (length < 60) return null;
    const [px, py] = [ax + ((bx - ax) * 26) / length, ay + ((by - ay) * 26) / length];
    const kept = Math.min(Math.max(px, view.left + 14), right - 14);
    return svg("text", { class: "onpicture", "text-anchor": "middle", x: at(kept),
      y: at(Math.max(py, view.top + 12)) }, word);
  }

  /** One path of all arrows: the share of each training point in the step, (y - p)·x. */
  function arrowPath(theta, { x, y }) {
    const rows = trainRows();
    let longest = 0;
    for (let i = 0; i < rows.y.length; i++) {
      longest = Math.max(longest, Math.hypot(rows.x1[i], rows.x2[i]));
    }
    const size = 56 / (longest || 1);
    let path = "";
    for (let i = 0; i < rows.y.length; i++) {
      const pull = rows.y[i] - sigmoid(predictor(theta, rows.x1[i], rows.x2[i]));
      const [dx, dy] = [size * pull * rows.x1[i], -size * pull * rows.x2[i]];
      const long = Math.hypot(dx, dy);
      if (!(long >= 2)) continue;
      const [x0, y0] = [x(rows.x1[i]), y(rows.x2[i])];
      const [x1, y1] = [x0 + dx, y0 + dy];
      const head = Math.min(6, long * 0.5) / long;
      const [hx, hy] = [dx * head, dy * head];
      path += `M${at(x0)} ${at(y0)}L${at(x1)} ${at(y1)}`
        + `M${at(x1 - hx - hy / 2)} ${at(y1 - hy + hx / 2)}L${at(x1)} ${at(y1)}`
        + `L${at(x1 - hx + hy / 2)} ${at(y1 - hy - hx / 2)}`;
    }
    return path;
  }

  /** Draw it all at these parameters; what only the data change is left as it is. */
  function draw({ theta, best = null, arrows = false, frame = lesson.frame }) {
    const where = place(frame);
    const now = `${language} ${frame.join()}`;
    if (now !== known || marks.points !== state.points) {
      drawGrid(frame, where);
      drawMarks(where);
      [known, marks.points] = [now, state.points];
    }
    const usable = theta.every(Number.isFinite);
    canvas.hidden = !usable;
    if (usable) drawSurface(frame, theta);
    const shown = usable ? [[-LOGIT, 0.1, "contour"], [LOGIT, 0.9, "contour"], [0, 0.5, "boundary"]]
      .map(([eta, p, kind]) => [drawLine(kind, theta, frame, where, eta), p])
      .filter(([line]) => line) : [];
    const goal = best ? drawLine("best", best, frame, where) : null;
    lines.replaceChildren(...[goal, ...shown.map(([line]) => line)].filter(Boolean));
    labels.replaceChildren(
      ...shown.map(([line, p]) => drawLabel(line, short(p))).filter(Boolean));
    pulls.setAttribute("d", arrows && usable ? arrowPath(theta, where) : "");
  }

  return { draw };
}
