// Starts it all: the settings, the stations, what is redrawn when. How to add a station is in
// docs/lesson-page.md.

function begin() {
  const settings = document.getElementById("settings");
  const languages = choice("language", "language", () => [["es", "Español"], ["en", "English"]],
    (lang) => change({ lang }));
  const themes = choice("theme", "theme",
    () => ["auto", "light", "dark"].map((look) => [look, t(`theme_${look}`)]),
    (theme) => change({ theme }));
  settings.append(languages.box, themes.box);

  const mounted = stations.map(({ id, mount, slow }) => {
    const part = (name) => document.getElementById(`${id}-${name}`);
    const caption = part("caption");
    const redraw = mount({
      controls: part("controls"), picture: part("picture"), caption, more: part("more"),
    });
    return { id, redraw, slow, seen: !slow, stale: false };
  });

  function draw(station) {
    station.stale = false;
    station.redraw();
  }

  // What cannot be seen may wait, and at each step it does: until nothing else is to be done, one
  // station after the other, and not at all while it plays. What is slow waits for a pause too.
  let restLater = 0;
  function drawRest(paused = false) {
    clearTimeout(restLater);
    const late = mounted.filter(({ stale }) => stale);
    const station = late.find(({ slow }) => !slow) ?? late[0];
    document.documentElement.toggleAttribute("data-late", station !== undefined);
    if (!station || state.playing) return;
    restLater = setTimeout(() => {
      draw(station);
      drawRest(station.slow);
    }, station.slow && !paused ? 100 : 0);
  }
  // The station whose control was used last.
  let inUse;
  for (const kind of ["click", "input", "change"]) {
    document.addEventListener(kind, ({ target }) => {
      inUse = target.closest(".station")?.id;
    }, true);
  }
  const isStep = (patch) =>
    Object.keys(patch).every((name) => name === "step" || name === "playing");

  const sight = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const found = mounted.find(({ id }) => id === entry.target.id);
      found.seen = entry.isIntersecting;
      if (found.seen && found.stale) draw(found);
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
    const everywhere = !isStep(patch);
    for (const station of mounted) {
      const now = station.seen || station.id === inUse || (everywhere && !station.slow);
      if (now) draw(station);
      else station.stale = true;
    }
    drawRest();
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

  const wanted = location.hash.slice(1);
  change({ lang: firstLang, ...readHash() });
  if (mounted.some(({ id }) => id === wanted)) document.getElementById(wanted).scrollIntoView();
  document.documentElement.classList.add("scripted");
}

// The texts and the still pictures are there to be read: they are painted first.
requestAnimationFrame(() => setTimeout(begin));
