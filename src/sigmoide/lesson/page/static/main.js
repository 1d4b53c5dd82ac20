// Starts it all: the settings, the stations, what is redrawn when. How to add a station is in
// docs/lesson-page.md.

const settings = document.getElementById("settings");
const languages = choice("language", "language", () => [["es", "Español"], ["en", "English"]],
  (lang) => change({ lang }));
const themes = choice("theme", "theme",
  () => ["auto", "light", "dark"].map((look) => [look, t(`theme_${look}`)]),
  (theme) => change({ theme }));
settings.append(languages.box, themes.box);

const mounted = stations.map(({ id, mount }) => {
  const part = (name) => document.getElementById(`${id}-${name}`);
  const caption = part("caption");
  const redraw = mount({
    controls: part("controls"), picture: part("picture"), caption, more: part("more"),
  });
  return { id, redraw, seen: true };
});

// While it plays, only what is in sight is redrawn.
const sight = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const found = mounted.find(({ id }) => id === entry.target.id);
    found.seen = entry.isIntersecting;
    if (found.seen && state.playing) found.redraw();
  }
}, { rootMargin: "100px" });
for (const { id } of mounted) sight.observe(document.getElementById(id));

// Where one is: the station in the middle of the window, or the last that was.
const here = document.getElementById("here");
const middle = new IntersectionObserver((entries) => {
  const entry = entries.find(({ isIntersecting }) => isIntersecting);
  if (!entry) return;
  for (const link of document.querySelectorAll(".stations a")) {
    if (link.hash.slice(1) === entry.target.id) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
  here.dataset.t = `${entry.target.id}.title`;
  fill(here, here.dataset.t);
}, { rootMargin: "-40% 0px -60% 0px" });
for (const { id } of mounted) middle.observe(document.getElementById(id));

let hashLater = 0;

function show(patch) {
  if ("lang" in patch) {
    speak(state.lang);
    themes.write();
  }
  if ("theme" in patch) setTheme(state.theme);
  languages.control.value = state.lang;
  themes.control.value = state.theme;
  for (const { redraw, seen } of mounted) if (seen || !state.playing) redraw();
  clearTimeout(hashLater);
  if (!state.playing) {
    // Browsers allow only so many of these in a while.
    hashLater = setTimeout(writeHash, 150);
  }
  tellLater();
}

subscribe(show);

// The hash is the state's: links to stations go there without it.
document.querySelectorAll('a[href^="#"]').forEach((link) => {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const target = document.getElementById(link.hash.slice(1));
    target.scrollIntoView();
    const heading = target.querySelector("h2") ?? target;
    heading.focus({ preventScroll: true });
  });
});

addEventListener("hashchange", () => {
  const defaults = Object.entries(fields).filter(([, { write }]) => write)
    .map(([name, { start }]) => [name, start]);
  change({ ...Object.fromEntries(defaults), ...readHash(), playing: false });
});

document.documentElement.classList.add("scripted");
const wanted = location.hash.slice(1);
change({ lang: firstLang, ...readHash() });
if (mounted.some(({ id }) => id === wanted)) document.getElementById(wanted).scrollIntoView();
