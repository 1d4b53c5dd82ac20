// What a screen reader is told: the caption of the station in use, once things stand still.

let waiting = 0;

function tellLater() {
  clearTimeout(waiting);
  if (state.playing) return;
  waiting = setTimeout(() => {
    const station = document.activeElement?.closest(".station");
    if (!station) return;
    const caption = station.querySelector("figcaption").textContent;
    const live = document.getElementById("live");
    if (live.textContent !== caption) live.textContent = caption;
  }, 400);
}

/** Say whether a station is in sight; come is called whenever it comes into it. */
function inSight(id, come) {
  let seen = false;
  new IntersectionObserver((entries) => {
    seen = entries.at(-1).isIntersecting;
    if (seen) come();
  }).observe(document.getElementById(id));
  return () => seen;
}
