// The one state of the page, in the URL's hash where it is not the default.

/** What is now; change it with change() only. */
const state = {};
const fields = {};
const listeners = [];

/**
 * Declare a part of the state.
 * @param {string} name its name, in the hash too
 * @param {*} start its default
 * @param {(text: string) => *} read from the hash; undefined for what cannot be meant
 * @param {(value: *) => string} [write] to the hash; null for what is not kept there
 */
function field(name, start, read, write = String) {
  if (name in fields) throw new Error(`two parts of the state are called ${name}`);
  fields[name] = { start, read, write };
  state[name] = start;
}

/** Change parts of the state; everything that shows it is redrawn. */
function change(patch) {
  Object.assign(state, patch);
  for (const listener of listeners) listener(patch);
}

/** Call back after every change, with what was changed. */
function subscribe(listener) {
  listeners.push(listener);
}

function readHash() {
  const given = new URLSearchParams(location.hash.slice(1));
  const patch = {};
  for (const [name, text] of given) {
    const value = name in fields && fields[name].write ? fields[name].read(text) : undefined;
    if (value !== undefined) patch[name] = value;
  }
  return patch;
}

function writeHash() {
  const kept = new URLSearchParams();
  for (const [name, { start, write }] of Object.entries(fields)) {
    if (write && write(state[name]) !== write(start)) kept.set(name, write(state[name]));
  }
  const hash = kept.toString();
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
}

const oneOf = (...words) => (text) => (words.includes(text) ? text : undefined);

/** Reads a number from low to high, both included. */
const numberIn = (low, high) => (text) => {
  const value = text.trim() === "" ? NaN : Number(text);
  return value >= low && value <= high ? value : undefined;
};

/** Reads a whole number from low to high. */
const wholeIn = (low, high) => (text) => {
  const value = numberIn(low, high)(text);
  return Number.isInteger(value) ? value : undefined;
};

// --- stations

const stations = [];

/**
 * Add a station. mount makes its controls and its picture, once, and returns what redraws them;
 * slow says that this takes long, so that it waits while nobody looks.
 * @param {string} id of its element
 * @param {(parts: {controls: Element, picture: Element, caption: Element, more: Element}) =>
 *   () => void} mount
 */
function station(id, mount, { slow = false } = {}) {
  stations.push({ id, mount, slow });
}
