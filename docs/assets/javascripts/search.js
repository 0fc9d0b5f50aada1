// The site's search: a worker that speaks the theme's messages, so that the field, the
// list and the keys are the theme's.
//
// Names come first: the rows of the finder, fetched when the field is first used.  A
// query that names no rule, or that begins with a quote, is looked up in the text: with Pagefind
// (handbook/text_index.py), which fetches a few small files for each query, or where
// that cannot be, under `make serve` or in an old browser, with the theme's own worker
// and its index, which is large.

importScripts("names.js");

const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3]; // the theme's numbers
const root = new URL("../../", self.location);
const finder = new URL("rules/", root);
const theme = new URL(new URL(self.location).searchParams.get("theme"), root);
const once = (make) => {
  let made;
  return () => (made ??= make().catch((error) => {
    made = undefined; // the next query tries again
    throw error;
  }));
};

async function get(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

const rows = once(async () => readRows(await (await get(finder)).text(), finder));

const pagefind = once(async () => {
  const engine = await import(new URL("pagefind/pagefind.js", root).href);
  await engine.options({ baseUrl: root.pathname, excerptLength: 24 });
  await engine.init();
  return engine;
});

// The theme's own search.  Its code listens to messages in this worker too.
const tell = (type, data) =>
  self.dispatchEvent(new MessageEvent("message", { data: { type, data, toTheme: true } }));

const themes = once(async () => {
  const index = await (await get(new URL("search/search_index.json", root))).json();
  importScripts(theme);
  tell(SETUP, { ...index, options: { suggest: true } });
});

// The pages whose text answers a query, each with its best sections.
async function passages(engine, query) {
  // A phrase has several words; of a single one in quotes, the best pages are wanted.
  const { results } = await engine.search(query.replace(/^\s*"(\S+?)"?\s*$/, "$1"));
  const pages = await Promise.all(results.slice(0, 8).map((result) => result.data()));
  return pages.map((page, i) => {
    const item = ({ url, title, excerpt }, score) => ({
      location: new URL(url, root).href,
      title,
      text: `<p>${excerpt}</p>`,
      score,
      terms: {},
    });
    const { score } = results[i];
    const sections = page.sub_results.filter(({ url }) => url.includes("#")).slice(0, 4);
    return [
      item({ ...page, title: page.meta.title }, score),
      ...sections.map((section, at) => item(section, at ? score / 2 : score)),
    ];
  });
}

// One group of results for each page, its best rule first.
function groups(found) {
  const pages = new Map();
  for (const [score, rule] of found) {
    const address = rule.url.href.split("#")[0];
    const names = rule.shown.slice(0, 6).map((name) => `<code>${name}</code>`).join(" ");
    const item = {
      location: rule.alone ? address : rule.url.href,
      title: rule.title,
      text: `<p>${rule.family}. ${names}</p>`,
      score,
      terms: {},
    };
    if (!pages.has(address)) pages.set(address, []);
    pages.get(address).push(item);
    if (pages.get(address).length === 1 && !rule.alone) {
      pages.get(address).push({ location: address, title: rule.page, text: "", score: 0, terms: {} });
    }
  }
  return [...pages.values()];
}

let latest;
let askedAt = -Infinity;

async function answer(query) {
  // Each query of the text fetches: not one for every letter of a reader who is typing.
  const now = performance.now();
  const due = now + (now - askedAt < 300 ? 150 : 0);
  askedAt = now;
  latest = query;
  const send = (data) => query === latest && postMessage({ type: RESULT, data });
  if (!query.trim()) return send({ items: [] });
  const found = /^\s*"/.test(query) ? [] : rankRules(query, await rows());
  if (found.length) {
    const start = query.toLowerCase();
    const name = found[0][1].names.find((one) => one.toLowerCase().startsWith(start));
    return send({ items: groups(found), suggest: name && !/\s/.test(query) ? [name] : [] });
  }
  let engine;
  try {
    engine = await pagefind();
  } catch {
    await themes();
    if (query === latest) tell(QUERY, query);
    return;
  }
  await new Promise((done) => setTimeout(done, due - performance.now()));
  if (query === latest) send({ items: await passages(engine, query), suggest: [] });
}

self.addEventListener("message", (event) => {
  const { type, data, toTheme } = event.data;
  if (toTheme) return; // the theme's own listener takes it
  event.stopImmediatePropagation();
  if (type === QUERY) {
    answer(data).catch((error) => {
      console.warn(`The search is out of reach: ${error.message}`);
      postMessage({ type: RESULT, data: { items: [] } });
    });
  }
});

postMessage({ type: READY });
