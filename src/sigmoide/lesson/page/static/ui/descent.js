// Where the descent is and how it goes, for any station: its step and its learning rate.

/** A slider of the step, and the step in large figures; end is the last that it can say. */
function stepControl(id) {
  const { box, control } = slider(id, "go_to", { min: 0, max: lesson.steps },
    (step) => change({ step, playing: false }));
  const shown = html("output", { id: `${id}-shown`, for: id });
  const write = (end = Math.max(lesson.steps, furthest())) => {
    control.max = String(end);
    control.value = String(state.step);
    shown.textContent = whole(state.step);
  };
  return { boxes: [box, html("p", { class: "counter" }, said("step"), " ", shown)], write };
}

/** The learning rate: a list, and a box for any other. */
function rateControls(id) {
  const set = (rate) => change({ rate, playing: false });
  const rates = [...new Set([lesson.rate, ...RATES])];
  const list = choice(`${id}-rate`, "rate",
    () => [...rates.map((value) => [String(value), writeRate(value)]), ["", t("rate_other")]],
    (value) => (value ? set(Number(value)) : other.control.focus()));
  const other = decimalBox(`${id}-rate-box`, "rate_box",
    { min: 0.000001, max: 1000, example: lesson.rate }, readRate, set);
  /** Show the rate in force. */
  function write() {
    list.write();
    list.control.value = rates.includes(state.rate) ? String(state.rate) : "";
    other.write(state.rate);
  }
  return { boxes: [list.box, other.box], write };
}
