// What the theme leaves undone for readers with a keyboard or a screen reader.

{
  // A box that scrolls sideways is reached by keyboard and says what it is; one that
  // does not is no stop on the way.
  const BOXES = {
    "x-maths.display": "Wide formula",
    ".table-box": "Wide table",
    ".md-typeset pre > code": "Wide code",
  };

  const sizes = new ResizeObserver((entries) => {
    for (const box of new Set(entries.map(({ target }) => target.closest(selector)))) look(box);
  });
  const selector = Object.keys(BOXES).join();

  function look(box) {
    if (!box) return;
    if (box.scrollWidth > box.clientWidth + 1) {
      const [, name] = Object.entries(BOXES).find(([kind]) => box.matches(kind));
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", name);
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  }

  // The drawer opens by a <label>, which no key reaches: a button takes its place.  Focus
  // follows what opens.
  const drawer = document.getElementById("__drawer");
  const label = document.querySelector(".md-header label[for=__drawer]");
  if (label) {
    const menu = document.createElement("button");
    menu.type = "button";
    menu.className = `${label.className} menu-button`;
    menu.setAttribute("aria-label", "Menu");
    menu.append(...label.childNodes);
    label.replaceWith(menu);
    const say = () => menu.setAttribute("aria-expanded", drawer.checked);
    say();
    drawer.addEventListener("change", say);
    menu.addEventListener("click", () => {
      drawer.click();
      const links = document.querySelectorAll(".md-sidebar--primary :is(a[href], input)");
      if (drawer.checked) [...links].find((e) => e.checkVisibility({ visibilityProperty: true }))?.focus();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !drawer.checked) return;
      drawer.click();
      menu.focus();
    });
  }

  // Two radio buttons, of which the label of one is seen, as a button: so it takes the
  // focus, and is pressed, like one.
  const schemes = [...document.querySelectorAll("[data-md-component=palette] input")];
  for (const [i, scheme] of schemes.entries()) {
    scheme.addEventListener("focus", () => {
      if (schemes.some((one) => one.checked)) return; // else Tab gets to the first of them
      const seen = schemes.find((one) => one.nextElementSibling.checkVisibility());
      seen.checked = true;
      seen.focus();
    });
    scheme.addEventListener("keydown", (event) => {
      if (event.key !== " ") return; // Enter is the theme's
      event.preventDefault();
      const next = schemes[(i + 1) % schemes.length];
      next.click();
      next.focus();
    });
  }

  // A link to a place on the same page takes the focus along; the theme only scrolls.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href*='#']");
    if (link?.href.split("#")[0] !== location.href.split("#")[0]) return;
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!place) return;
    if (place.tabIndex < 0) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  });

  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");

  document$.subscribe(() => {
    sizes.disconnect();
    for (const box of document.querySelectorAll(selector)) {
      // What is in it may grow alone, when a font arrives.
      for (const element of [box, ...box.children]) sizes.observe(element);
    }
    // The theme lists the buttons of each block of code as navigation of the site.
    for (const nav of document.querySelectorAll(".md-code__nav")) nav.setAttribute("role", "none");
    // It names each level by a label that may hold an icon alone.
    for (const nav of document.querySelectorAll(".md-nav[aria-labelledby]")) {
      nav.removeAttribute("aria-labelledby");
      nav.setAttribute("aria-label", nav.querySelector(".md-nav__title").textContent.trim());
    }
  });
}
