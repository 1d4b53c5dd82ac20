// Whether a line keeps two classes of points apart; then their likelihood has no maximum.

/** The corners of the convex hull, in turn (Andrew's monotone chain). */
function hull(points) {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list) => {
    const kept = [];
    for (const p of list) {
      while (kept.length > 1) {
        const [a, b] = kept.slice(-2);
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        kept.pop();
      }
      kept.push(p);
    }
    return kept.slice(0, -1);
  };
  const corners = [...half(sorted), ...half(sorted.toReversed())];
  return corners.length ? corners : sorted.slice(0, 1);
}

/**
 * How a line can part the classes of rows: "complete", "touching" (points of both on the line, as
 * far as can be told from rounding), "single" where there is only one class, or "none".
 * Two convex sets are apart if a side of one of them, or a line between two corners, shows it.
 */
function separation(rows) {
  const size = Math.max(...rows.x1.map(Math.abs), ...rows.x2.map(Math.abs)) || 1;
  const classes = [[], []];
  for (let i = 0; i < rows.y.length; i++) {
    classes[rows.y[i]].push([rows.x1[i] / size, rows.x2[i] / size]);
  }
  if (!classes[0].length || !classes[1].length) return "single";
  const hulls = classes.map(hull);
  const ways = hulls.flatMap((corners) => corners.map((a, i) => {
    const b = corners[(i + 1) % corners.length];
    return [b[0] - a[0], b[1] - a[1]];
  }));
  // A hull that is a point or a stretch has no side to show what lies beyond its ends.
  if (hulls.some((corners) => corners.length < 3)) {
    for (const a of hulls[0]) for (const b of hulls[1]) ways.push([b[1] - a[1], a[0] - b[0]]);
    ways.push(...ways.map(([d1, d2]) => [d2, -d1]));
  }
  let best = "none";
  for (const [d1, d2] of ways) {
    const long = Math.hypot(d1, d2);
    if (!long) continue;
    const [low, high] = hulls.map((corners) => {
      const along = corners.map(([x1, x2]) => (d2 * x1 - d1 * x2) / long);
      return [Math.min(...along), Math.max(...along)];
    });
    const gap = Math.max(low[0] - high[1], high[0] - low[1]);
    const wide = Math.max(low[1], high[1]) - Math.min(low[0], high[0]);
    if (gap > 1e-12) return "complete";
    // Where all lie on one line, that line parts nothing.
    if (gap > -1e-12 && wide > 1e-9) best = "touching";
  }
  return best;
}
