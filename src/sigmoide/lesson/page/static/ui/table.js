// The twin of a picture: its numbers in a table, made when it is opened.

/**
 * A table behind a summary.
 * @param {string} id
 * @param {() => string[]} heads the column heads, in the language of the moment
 * @param {() => (string|[string, number])[][]} rows cells: a text, or a text and its full value
 */
function tableTwin(id, heads, rows) {
  const head = html("tr"), body = html("tbody");
  const box = html("details", { id, class: "twin" }, html("summary", {}, said("table")),
    html("div", { class: "scroll", tabindex: "0", role: "region", "data-t-label": "table",
      "aria-label": t("table") },
    html("table", {}, html("thead", {}, head), body)));
  const draw = () => {
    if (!box.open) return;
    head.replaceChildren(...heads().map((word) => html("th", { scope: "col" }, word)));
    body.replaceChildren(...rows().map((row) => html("tr", {}, ...row.map((cell) => html("td", {},
      Array.isArray(cell) ? html("data", { value: String(cell[1]) }, cell[0]) : cell)))));
  };
  box.addEventListener("toggle", draw);
  return { box, draw };
}
