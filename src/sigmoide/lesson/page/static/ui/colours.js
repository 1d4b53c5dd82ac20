// The colours of the style sheet, for the canvas, which cannot read them.

const painted = new Map();

/** Red, green and blue of a custom property such as "--c0", in the look of the moment. */
function colour(name) {
  if (!painted.has(name)) {
    const probe = html("span", { class: `probe ${name.slice(2)}` });
    document.body.append(probe);
    const parts = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    probe.remove();
    painted.set(name, parts);
  }
  return painted.get(name);
}

/** Light or dark, as chosen, or as the system has it. */
function setTheme(theme) {
  painted.clear();
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  painted.clear();
  change({});
});
