// Native controls, each with an id and a label that follows the language.

/** A label's text: follows the language by data-t. */
function said(key, values) {
  const span = html("span", { "data-t": key });
  if (values) span.dataset.v = JSON.stringify(values);
  fill(span, key, inWords(values));
  return span;
}

function labelled(id, key, control, kind) {
  control.id = id;
  return html("label", { class: `control ${kind}`, for: id }, said(key), control);
}

/** A button; its text is that of key. */
function button(id, key, press, values) {
  const control = html("button", { type: "button", id }, said(key, values));
  control.addEventListener("click", press);
  return control;
}

/** A slider, for what has no exact number that one must be able to say. */
function slider(id, key, { min, max, step = 1 }, move) {
  const control = html("input", { type: "range", min, max, step });
  control.addEventListener("input", () => move(Number(control.value)));
  return { box: labelled(id, key, control, "slider"), control };
}

/** A box for a whole number: what it takes is said by read, undefined is refused and marked. */
function numberBox(id, key, { min, max, step = "any" }, read, take) {
  const control = html("input", { type: "number", min, max, step });
  control.addEventListener("change", () => {
    const value = read(control.value);
    control.setAttribute("aria-invalid", String(value === undefined));
    if (value !== undefined) take(value);
  });
  return { box: labelled(id, key, control, "number"), control };
}

/**
 * A box for a number, typed with either decimal sign: read says what it takes (see numberIn), and
 * what is undefined is refused, with the reason beside it. write(value) shows a number that has
 * come from elsewhere, and leaves alone what somebody is typing; show(value) does not. (Native
 * number boxes write in the browser's language, which need not be the page's.)
 */
function decimalBox(id, key, { min, max, example = min }, read, take) {
  const control = html("input", { type: "text", inputmode: "decimal", autocomplete: "off",
    spellcheck: "false", "aria-describedby": `${id}-wrong` });
  const wrong = html("output", { id: `${id}-wrong`, class: "wrong", for: id });
  let shown;
  const show = (value) => {
    control.value = exact(shown = value);
    tell(false);
  };
  const tell = (refused) => {
    control.setAttribute("aria-invalid", String(refused));
    wrong.replaceChildren(...refused ? [said("bad_number", { low: min, high: max, example })] : []);
  };
  control.addEventListener("change", () => {
    const value = read(typed(control.value));
    if (value === undefined) return tell(true);
    show(value);
    return take(value);
  });
  const write = (value) => {
    if (document.activeElement !== control || value !== shown) show(value);
  };
  const box = html("div", { class: "control" }, labelled(id, key, control, "number"), wrong);
  return { box, control, write, show };
}

/** A list; options are [value, text] and are written again with every language. */
function choice(id, key, options, choose) {
  const control = html("select");
  let written = "";
  const write = () => {
    const now = options(), held = control.value;
    if (written === String(now)) return;
    written = String(now);
    control.replaceChildren(...now.map(([value, text]) => html("option", { value }, text)));
    if (held) control.value = held;
  };
  write();
  control.addEventListener("change", () => choose(control.value));
  return { box: labelled(id, key, control, "choice"), control, write };
}

/** A box to tick. */
function tick(id, key, on, turn) {
  const control = html("input", { type: "checkbox" });
  control.checked = on;
  control.addEventListener("change", () => turn(control.checked));
  return { box: labelled(id, key, control, "check"), control };
}

/** A number beside its name, such as η = 1,52: its box, and the element that holds it. */
function shownNumber(id, ...before) {
  const shown = html("data", { id });
  return { box: html("span", { class: "number" }, ...before, " = ", shown), shown };
}
