// "Copy it as Python": the program of the present state, to read and to copy.

function codeBox(id) {
  const text = html("textarea", { id: `${id}-code`, readonly: "", rows: 12, spellcheck: "false",
    wrap: "off", "data-t-label": "code", "aria-label": t("code") });
  const told = html("output", { class: "told", for: text.id });
  const tell = (key) => told.replaceChildren(said(key));
  const draw = () => {
    if (!box.open) return;
    text.value = programs[library.control.value]();
  };
  const library = choice(`${id}-library`, "code_for",
    () => Object.keys(programs).map((name) => [name, name]), draw);
  const copy = button(`${id}-copy`, "copy", async () => {
    draw();
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      tell("copied");
    } catch {
      // No clipboard here: an older way, or the reader's own hand.
      tell(document.execCommand("copy") ? "copied" : "not_copied");
    }
  });
  const box = html("details", { class: "twin", id: `${id}-program` },
    html("summary", {}, said("code")),
    html("div", { class: "controls" }, library.box, copy, told), text);
  box.addEventListener("toggle", () => { told.replaceChildren(); draw(); });
  return { box, draw };
}
