// The finder's rows, and which of them a query names, best first.  Shared by the search
// (search.js, a worker) and by the finder (finder.js).

{
  const SIGNS = { lt: "<", gt: ">", quot: '"', amp: "&" };
  const plain = (html) =>
    html.replace(/<[^>]*>/g, "").replace(/&(lt|gt|quot|amp);/g, (_, sign) => SIGNS[sign]);

  // handbook/finder.py writes the rows, one rule each.  A worker has no parser of HTML.
  self.readRows = (html, finder) =>
    [...html.matchAll(/<tr data-page="([^"]*)">(.*?)<\/tr>/gs)].map(([, page, row]) => {
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
        alone: title === page, // no other rule on its page
        family: plain(family),
        shown,
      };
    });

  // layer_norm, layer-norm, "layer norm" and LayerNorm are one name, and so are
  // normalisation and normalization.
  const loose = (text) => text.toLowerCase().replace(/[\s_-]+/g, "").replace(/z/g, "s");

  const ALIASES = {
    "np.": "numpy.",
    "jnp.": "jax.numpy.",
    "sp.": "scipy.",
    "tensorflow.": "tf.",
    "f.": "torch.nn.functional.",
    "nn.functional.": "torch.nn.functional.",
    "torch.ops.aten.": "aten::",
    "aten.": "aten::",
  };

  // A peer, as it begins its names.
  const PEERS = { pytorch: "torch.", tensorflow: "tf." };

  // Words that every rule answers to.
  const COMMON = new Set(
    "a an and backprop backpropagation backward derivative differentiate for formula grad gradient how in jacobian jvp of pullback pushforward rule the through to vjp with".split(" "),
  );

  function canonical(query) {
    const text = query.trim().toLowerCase();
    const alias = Object.keys(ALIASES).find((start) => text.startsWith(start));
    return alias ? ALIASES[alias] + text.slice(alias.length) : text;
  }

  // np.einsum("ij,jk", a, b) is asked for by a reader who copies a line of code.
  const withoutCall = (text) => text.replace(/(\w)\(.*$/, "$1");

  // The last part of a dotted name: layer_norm of torch.nn.functional.layer_norm.
  const last = (name) => name.split(/\.|::/).at(-1) || name;

  // What is compared is worked out once.
  function prepare(rule) {
    const names = [rule.title, rule.id, ...rule.names];
    rule.loose = names.map(loose);
    rule.last = rule.loose.map(last);
    rule.haystack = loose([...names, rule.words].join(" | "));
    return rule;
  }

  function score(rule, typed, query, words) {
    let best = 0;
    rule.loose.forEach((name, i) => {
      const end = rule.last[i];
      let points = 0;
      if (name === query) points = i < 2 ? 110 : 100;
      else if (name.endsWith("." + query) || name.endsWith("::" + query)) points = 90;
      else if (end === last(query) && end.length > 1) points = 60;
      else if (name.startsWith(query)) points = i < 2 ? 52 : 45;
      else if (end.startsWith(query)) points = 40;
      else if (name.includes(query)) points = 20;
      // LN is layer norm, ln the logarithm.
      if (points >= 100 && rule.names[i - 2] === typed) points += 5;
      // Of two rules with the name, the one where it is listed sooner; of two that
      // begin with it, the shorter.
      if (points) points -= i / 100 + Math.min(name.length, 99) / 1000;
      best = Math.max(best, points);
    });
    if (best === 0 && words.length && words.every((word) => rule.haystack.includes(word))) {
      const named = words.filter((word) => rule.loose[0].includes(word)).length;
      best = 5 + named - Math.min(rule.haystack.length, 999) / 1000;
    }
    return best;
  }

  // rules: [{title, id, names, words}]; returns [[points, rule]] of those that are hit.
  self.rankRules = (query, rules) => {
    const text = canonical(query);
    let words = text.split(/\s+/).filter(Boolean);
    const telling = words.filter((word) => !COMMON.has(word));
    if (telling.length) words = telling;
    const whole = [...new Set([text, words.join(" "), withoutCall(text)].map(loose))].filter(Boolean);
    const parts = words.map((word) => loose(PEERS[word] ?? word)).filter(Boolean);
    return rules
      .map((rule) => (rule.loose ? rule : prepare(rule)))
      .map((rule) => [Math.max(0, ...whole.map((one) => score(rule, query.trim(), one, parts))), rule])
      .filter(([points]) => points > 0)
      .sort(([a], [b]) => b - a);
  };
}
