// The site's search: a worker that speaks the theme's messages, so that the field, the
// list and the keys are the theme's.
//
// Names come first: the rows of the finder, fetched when the field is first used.  A
// query that names no rule is looked up in the text, with the theme's own worker and
// its index, which is large and fetched only then.

importScripts("names.js");

const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3]; // the theme's numbers
const root = new URL("../../", self.location);
const finder = new URL("rules/", root);
const theme = new URL(new URL(self.location).searchParams.get("theme"), root);
const SIGNS = { lt: "<", gt: ">", quot: '"', amp: "&" };
const plain = (html) =>
  html.replace(/<[^>]*>/g, "").replace(/&(lt|gt|quot|amp);/g, (_, sign) => SIGNS[sign]);

// The finder's rows: handbook/finder.py writes them, one rule each.
function readRows(html) {
  return [...html.matchAll(/<tr data-page="([^"]*)">(.*?)<\/tr>/gs)].map(([, page, row]) => {
    const [, href, title] = row.match(/<a href="([^"]*)">(.*?)<\/a>/s);
    const [, family] = row.match(/<td class="family">(.*?)<\/td>/s);
    const shown = [...row.matchAll(/<code>(.*?)<\/code>/gs)].map(([, name]) => name);
    const url = new URL(href, finder);
    return {
      title: plain(title),
      id: url.hash.slice(1),
      names: shown.map(plain),
      words: plain(row.slice(row.indexOf('<td class="family">'))),
      url,
      page,
      family: plain(family),
      shown,
    };
  });
}

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

const rows = once(async () => readRows(await (await get(finder)).text()));

const text = once(async () => {
  const index = await (await get(new URL("search/search_index.json", root))).json();
  importScripts(theme);
  tell(SETUP, { ...index, options: { suggest: true } });
});

// Hand a message to the theme's worker code, which listens in this worker too.
const tell = (type, data) =>
  self.dispatchEvent(new MessageEvent("message", { data: { type, data, toTheme: true } }));

// One group of results for each page, its best rule first.
function groups(found) {
  const pages = new Map();
  for (const [score, rule] of found) {
    const address = rule.url.href.split("#")[0];
    const names = rule.shown.slice(0, 6).map((name) => `<code>${name}</code>`).join(" ");
    const alone = rule.title === plain(rule.page);
    const item = {
      location: alone ? address : rule.url.href,
      title: rule.title,
      text: `<p>${rule.family}. ${names}</p>`,
      score,
      terms: {},
    };
    if (!pages.has(address)) pages.set(address, []);
    pages.get(address).push(item);
    if (pages.get(address).length === 1 && !alone) {
      pages.get(address).push({ location: address, title: rule.page, text: "", score: 0, terms: {} });
    }
  }
  return [...pages.values()];
}

let latest;

async function answer(query) {
  latest = query;
  const send = (data) => query === latest && postMessage({ type: RESULT, data });
  if (!query.trim()) return send({ items: [] });
  const found = rankRules(query, await rows());
  if (found.length) {
    const start = query.toLowerCase();
    const name = found[0][1].names.find((one) => one.toLowerCase().startsWith(start));
    return send({ items: groups(found), suggest: name && !/\s/.test(query) ? [name] : [] });
  }
  await text();
  if (query === latest) tell(QUERY, query);
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
