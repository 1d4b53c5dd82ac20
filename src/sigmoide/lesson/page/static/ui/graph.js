// A graph of one number against another: a frame, round numbers along it, what is drawn inside.
// stills/graph.py draws the same without a script.

/** The powers of ten from low to high. */
function powerTicks(low, high) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, k) => Number(`1e${first + k}`));
}

function raised(power) {
  const digits = [...String(power)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
  return `10${digits.join("")}`;
}

/** A power of ten: 0,001 or 10⁻⁴. */
function writePower(value) {
  const power = Math.round(Math.log10(value));
  return Math.abs(power) <= 3 ? short(value) : raised(power);
}

/** A small number, to so many digits: 0,0312 or 4,2 · 10⁻⁷. */
function little(value, digits = 3) {
  if (value === 0 || value >= 1e-4 || !Number.isFinite(value)) {
    return Number.isFinite(value) ? short(Number(value.toPrecision(digits))) : fixed(value, 0);
  }
  const [head, power] = value.toExponential(digits - 1).split("e");
  return `${signed(head)} · ${raised(Number(power))}`;
}

/** A positive number of any size: 0,0312 or 4,2 · 10⁻⁷ or 1,3 · 10⁹. */
function anySize(value, digits = 3) {
  if (!(value >= 1e6) || value === Infinity) return little(value, digits);
  const [head, power] = value.toExponential(digits - 1).split("e");
  return `${signed(head)} · ${raised(Number(power))}`;
}

/**
 * A graph in an element. An axis is {low, high, name, log, write, places}: log for powers of ten,
 * write for how its numbers are written, places for where, if not at round numbers.
 */
function graphPicture(root, id, titleKey) {
  const { graph } = lesson;
  const right = graph.width - graph.right, bottom = graph.height - graph.bottom;
  const box = { x: graph.left, y: graph.top, width: right - graph.left,
    height: bottom - graph.top };
  const grid = svg("g");
  // Curves are cut at the frame, marks that stand on its edge are not.
  const inside = svg("g", { "clip-path": `url(#${id}-clip)` }), over = svg("g");
  const picture = svg("svg", { viewBox: `0 0 ${graph.width} ${graph.height}`, role: "img" },
    svg("clipPath", { id: `${id}-clip` }, svg("rect", box)), grid, inside, over);
  root.replaceChildren(picture);
  root.classList.add("live");
  let known = "";

  const ticks = ({ low, high, log, places }) =>
    places ?? (log ? powerTicks : roundTicks)(low, high);
  const written = ({ log, write }, value) => (write ?? (log ? writePower : short))(value);

  /** Draw the axes where they have changed; where a value stands in the picture. */
  function axes(x, y) {
    const place = {
      x: scale(x.low, x.high, graph.left, right, x.log),
      y: scale(y.low, y.high, bottom, graph.top, y.log),
    };
    const now = JSON.stringify([language, x, y]);
    if (now === known) return place;
    known = now;
    const along = ticks(x).map((value) => {
      const px = place.x(value);
      return svg("text", { class: "tick", "text-anchor": px > right - 12 ? "end" : "middle",
        x: at(px), y: bottom + 19 }, written(x, value));
    });
    const up = ticks(y).flatMap((value) => {
      const py = at(place.y(value));
      return [svg("line", { class: "hair", x1: graph.left, y1: py, x2: right, y2: py }),
        svg("text", { class: "tick", "text-anchor": "end", x: graph.left - 6,
          y: at(place.y(value) + 4) }, written(y, value))];
    });
    grid.replaceChildren(svg("rect", { class: "frame", ...box }), ...up, ...along,
      svg("text", { class: "axis", "text-anchor": "middle", x: (graph.left + right) / 2,
        y: graph.height - 8 }, x.name),
      svg("text", { class: "axis", x: graph.left, y: graph.top - 10 }, y.name));
    picture.setAttribute("aria-label", t(titleKey));
    return place;
  }

  return { axes, inside, over, box: { left: graph.left, right, top: graph.top, bottom } };
}

/** A line through points [x, y] of a picture, as the d of a path. */
const pathThrough = (points) =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${at(x)} ${at(y)}`).join("");
