// Texts and numbers in the language of the moment.

const { lesson, texts, lang: firstLang } = JSON.parse(document.getElementById("data").textContent);
let language = firstLang;

/** A text by its key, its {names} filled in; the twin for the learner's own data where there is. */
function t(key, values = {}) {
  const table = texts[language];
  const text = (lesson.own ? table[`${key}.own`] : undefined) ?? table[key];
  if (text === undefined) throw new Error(`no text ${key}`);
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}

const signed = (text) => text.replace("-", "−").replace(".", t("decimal_mark"));

/** A number with so many decimals: 0,51 or 0.51. */
function fixed(value, digits) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  return Math.abs(value) >= 1e9 ? signed(value.toExponential(2)) : signed(value.toFixed(digits));
}

/** A number with no more digits than it needs, six at the most. */
function short(value) {
  return signed(String(Number(value.toPrecision(6))));
}

/** A number with all its digits, to be written again by hand: 0,05 or 0.05. */
const exact = (value) => signed(String(value));

/**
 * A number typed in either way, as the code writes it: "0,05" is "0.05". "" for what is no number,
 * and for what is a thousand in this language and one in the other: 1.000 and 1,000.
 */
function typed(text) {
  const plain = text.trim().replace("−", "-");
  if (!/^[-+]?(\d+[.,]?\d*|[.,]\d+)(e[-+]?\d+)?$/i.test(plain)) return "";
  const grouped = /^[-+]?[1-9]\d{0,2}([.,])\d{3}$/.exec(plain);
  if (grouped && grouped[1] !== t("decimal_mark")) return "";
  return plain.replace(",", ".");
}

/** A whole number, its thousands apart. */
function whole(value) {
  if (language === "es" && Math.abs(value) < 10000) return String(value);
  return String(value).replace(/\B(?=(\d{3})+$)/g, language === "es" ? "\u202f" : ",");
}

/** Values for a text, their numbers in the language's way. */
function inWords(values = {}) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) =>
    [name, typeof value === "number" ? short(value) : value]));
}

/** Put a text into an element, with its *emphasis* and `code`. */
function fill(element, key, values) {
  element.replaceChildren(...marked(t(key, values)));
}

function marked(text) {
  return text.split(/(\*[^*]+\*|`[^`]+`)/).filter(Boolean).map((piece) => {
    const kind = { "*": "em", "`": "code" }[piece[0]];
    if (!kind || piece.length < 3) return piece;
    const element = document.createElement(kind);
    element.textContent = piece.slice(1, -1);
    return element;
  });
}

/** Say everything again in another language: all that bears data-t, data-t-label. */
function speak(next) {
  language = next;
  document.documentElement.lang = next;
  document.title = t("page_title");
  for (const element of document.querySelectorAll("[data-t]")) {
    fill(element, element.dataset.t, inWords(JSON.parse(element.dataset.v ?? "{}")));
  }
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
  }
}

/** A learning rate: 0,05 or 4,0. */
function writeRate(value) {
  return value >= 1 && Number(value.toFixed(1)) === value ? fixed(value, 1) : short(value);
}
