// Elements, made without markup: text is only ever text.

const SVG = "http://www.w3.org/2000/svg";

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** An HTML element. */
function html(name, attributes = {}, ...children) {
  return dress(document.createElement(name), attributes, children);
}

/** An SVG element. */
function svg(name, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, name), attributes, children);
}

/** A place in a picture, short. */
const at = (value) => (Math.round(value * 100) / 100).toString();

/** From a range of values to a range of places; log for a logarithmic one. */
function scale(low, high, from, to, log = false) {
  const way = log ? Math.log10 : (value) => value;
  const [a, b] = [way(low), way(high)];
  return (value) => from + ((way(value) - a) / (b - a)) * (to - from);
}
