// The mark of a point: a shape and a colour for each class, hollow where it does not teach.

/** A mark of class 0 or 1, without a place yet. */
function pointMark(y, hollow) {
  const kind = `point c${y}${hollow ? " hollow" : ""}`;
  return y ? svg("rect", { class: kind, width: 8, height: 8 })
    : svg("circle", { class: kind, r: 4.5 });
}

/** Put a mark where its middle is to be. */
function placeMark(mark, px, py) {
  const square = mark.tagName === "rect";
  mark.setAttribute(square ? "x" : "cx", at(square ? px - 4 : px));
  mark.setAttribute(square ? "y" : "cy", at(square ? py - 4 : py));
}

/** A ring around a mark, as a piece of a path. */
const ringAround = (px, py) => `M${at(px - 8)} ${at(py)}a8 8 0 1 0 16 0a8 8 0 1 0 -16 0`;
