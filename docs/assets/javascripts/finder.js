// The finder: filters the table of all rules as the reader types.  The table is whole
// without this script.  The field on the home page lists the rules that it would show.

{
  const element = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  const howMany = (number) => (number === 1 ? "1 rule" : `${number || "No"} rules`);

  function read(row) {
    const [title, family, names, properties] = row.cells;
    const link = title.querySelector("a");
    return {
      row,
      link,
      title: link.textContent,
      id: link.hash.slice(1),
      names: [...names.querySelectorAll("code")].map((code) => code.textContent),
      words: `${family.textContent} ${properties.textContent}`,
      family: family.textContent,
      properties: properties.textContent.split(", "),
    };
  }

  function start(finder) {
    finder.dataset.ready = "";
    const body = finder.querySelector("tbody");
    const rules = [...body.rows].map(read);
    const form = finder.querySelector(".finder-form");
    const field = form.querySelector("input");
    const families = form.querySelector("select");
    const boxes = [...form.querySelectorAll("[type=checkbox]")];
    const count = form.querySelector("[role=status]");

    let shown = rules;
    function filter() {
      const query = field.value.trim();
      const wanted = boxes.filter((box) => box.checked).map((box) => box.value);
      const ranked = query ? rankRules(query, rules).map(([, rule]) => rule) : rules;
      shown = ranked.filter(
        (rule) =>
          (!families.value || rule.family === families.value) &&
          wanted.every((word) => rule.properties.includes(word)),
      );
      const visible = new Set(shown);
      for (const rule of rules) rule.row.hidden = !visible.has(rule);
      body.append(...shown.map((rule) => rule.row));
      count.textContent = howMany(shown.length);
    }

    // What the reader has typed by now, or what the home page's field asked for.
    field.value ||= new URL(location).searchParams.get("q") ?? "";
    field.addEventListener("input", filter);
    for (const control of [families, ...boxes]) control.addEventListener("change", filter);
    finder.addEventListener("keydown", (event) => {
      const links = shown.map((rule) => rule.link);
      const at = links.indexOf(document.activeElement);
      if (event.key === "Escape") {
        field.value = "";
        families.value = "";
        for (const box of boxes) box.checked = false;
        filter();
        field.focus();
      } else if (event.target === field && event.key === "Enter") {
        links[0]?.click();
      } else if (event.key === "ArrowDown" && (event.target === field || at >= 0)) {
        links[Math.min(at + 1, links.length - 1)]?.focus();
      } else if (event.key === "ArrowUp" && at >= 0) {
        (links[at - 1] ?? field).focus();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
    // Browsers bring back what was chosen before.  Else the table is right as it is.
    if (field.value || families.value || boxes.some((box) => box.checked)) filter();
  }

  const MOST = 6; // rules that the home page lists

  function startField(form) {
    const field = form.querySelector("input");
    const list = element("ul", { class: "found-rules" });
    const count = element("p", { role: "status", class: "finder-count" });
    form.append(count, list);
    form.dataset.ready = "";
    let rules;
    const fetchRules = async () => {
      const response = await fetch(form.action);
      if (response.ok) rules = readRows(await response.text(), new URL(form.action));
      show();
    };
    let asked;
    const fetchOnce = () => (asked ??= fetchRules().catch(() => (asked = undefined)));

    function show() {
      const query = field.value.trim();
      const hits = query && rules ? rankRules(query, rules).map(([, rule]) => rule) : [];
      list.replaceChildren(
        ...hits.slice(0, MOST).map(({ url, title, family }) =>
          element("li", {}, element("a", { href: url.href }, title), ` ${family}`),
        ),
      );
      const more = hits.length > MOST ? `, of which these are the nearest ${MOST}` : "";
      count.textContent = query && rules ? howMany(hits.length) + more : "";
    }

    field.addEventListener("focus", fetchOnce);
    field.addEventListener("input", () => (rules ? show() : fetchOnce()));
    if (field.value) fetchOnce(); // typed before this script ran
    form.addEventListener("submit", (event) => {
      const best = list.querySelector("a");
      if (!best) return; // the finder itself shows what there is
      event.preventDefault();
      best.click();
    });
    form.addEventListener("keydown", (event) => {
      const stops = [field, ...list.querySelectorAll("a")];
      const at = stops.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && at >= 0) {
        stops[Math.max(0, Math.min(at + step, stops.length - 1))].focus();
      } else if (event.key === "Escape") {
        field.value = "";
        show();
        field.focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  document$.subscribe(() => {
    for (const finder of document.querySelectorAll(".finder")) {
      if (!("ready" in finder.dataset)) start(finder);
    }
    for (const form of document.querySelectorAll(".find-rule")) {
      if (!("ready" in form.dataset)) startField(form);
    }
  });

  // The theme has /, s and f for the search; r is the finder's.
  document.addEventListener("keydown", (event) => {
    const field = document.querySelector(".finder-form input, .find-rule input");
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (field && !typing && event.key === "r" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });

  // The search fetches the finder's rows when its field is first used (search.js);
  // asked for at the first focus, they are there by the first letter.
  const base = new URL(document.currentScript.src.replace(/assets\/.*$/, ""));
  document.querySelector(".md-search__input")?.addEventListener(
    "focus",
    () => fetch(new URL("rules/", base)).catch(() => {}),
    { once: true },
  );
}
