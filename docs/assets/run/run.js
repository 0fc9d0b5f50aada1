// Run, Edit and Reset under every Python block that a browser can run.  The block stays
// the site's own <pre>; the editor takes its place only after Edit, until Reset.

import { inTurn, leave, life, size, started, stop } from "./python.js";

// What pages import and no browser has.  A block that needs one of these says so, and so
// does each block after it, since that would run without what this one defined; unless the
// page runs without it, too.
const ABSENT = /^\s*(?:import|from)\s+(autograd|jax|matplotlib|pydoc_data|scipy|sklearn|torch)\b/m;

const edits = new Map(); // of this visit: page and block -> text
let visit = 0; // each page that is shown has variables of its own
export const page = () => `page ${visit}`;
let clock = 0;

function make(tag, attributes = {}, text = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

// -- what a run shows

// Text by stream, each switch to stderr said in a word.  Written to the page at most
// every 50 ms, the first words at once.
function printer(pre) {
  let waiting = [];
  let timer = null;
  let stream = "";
  const shown = { stdout: "", all: "", cut: false };
  const flush = () => {
    clearTimeout(timer);
    timer = null;
    for (const [from, text] of waiting) {
      if (from !== stream) {
        if (from === "stderr") pre.append(make("span", { class: "run-word" }, "stderr:\n"));
        pre.append(make("span", { class: `run-${from}` }));
        stream = from;
      }
      pre.lastChild.append(text);
      pre.tabIndex = 0; // it may scroll
    }
    waiting = [];
  };
  const print = (from, text) => {
    if (from === "cut") shown.cut = true;
    if (from === "stdout") shown.stdout += text;
    if (from !== "stderr") shown.all += text;
    const before = waiting.at(-1);
    if (before?.[0] === from) before[1] += text;
    else waiting.push([from, from === "cut" ? "\n… only the first 10,000 characters are shown" : text]);
    timer ??= setTimeout(flush, pre.lastChild ? 50 : 0);
  };
  return { print, flush, shown };
}

// The tests compare in the same way: spaces at the ends of lines are seen by nobody.
const visible = (text) => text.replace(/[^\S\n]+$/gm, "").replace(/\n+$/, "");

function verdict(expected, { stdout, all, cut }) {
  if (cut) return "Done.";
  if (expected === null) return all ? "Done." : "Done; it printed nothing.";
  return [stdout, all].some((text) => visible(text) === visible(expected))
    ? "Done; matches the page."
    : "Done; differs from the page, whose output is shown below.";
}

// -- the editor

// Tab leaves it as it leaves any field; Enter keeps the indentation.
export function makeEditor(text, label, onRun) {
  const area = make("textarea", { "aria-label": label, spellcheck: "false", autocapitalize: "off",
    autocomplete: "off", wrap: "off", class: "run-editor" });
  area.value = text;
  area.setSelectionRange(0, 0); // else a long last line would be what shows
  const fit = () => area.style.setProperty("--lines", area.value.split("\n").length);
  area.addEventListener("input", fit);
  fit();
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      onRun();
    } else if (!event.shiftKey) {
      event.preventDefault();
      const line = area.value.slice(0, area.selectionStart).split("\n").at(-1);
      const indent = line.match(/^ */)[0] + (/:\s*(#.*)?$/.test(line) ? "    " : "");
      // The one way that leaves the browser's own undo as it is.
      document.execCommand("insertText", false, "\n" + indent);
    }
  });
  return area;
}

// -- a block

function blockOf(host, number, page) {
  const name = host.dataset.name ?? `block ${number}`;
  const original = host.querySelector("code").textContent.replace(/\n+$/, "");
  let below = host.nextElementSibling;
  // Markdown sometimes puts the marker of an output into a paragraph of its own.
  if (below?.matches("p") && !below.textContent.trim()) below = below.nextElementSibling;
  const expected = below?.matches(".language-text") ? below.querySelector("code").textContent : null;
  const key = `${location.pathname} ${number}`;
  return { host, name, original, expected, key, page, editor: null, ran: null };
}

const textOf = (block) => block.editor?.value ?? block.original;

// What the tests run is the page from its top; a block is up to date if it ran with its
// present text, and no block before it has changed since.
function stale(block) {
  const { ran, page } = block;
  if (ran?.life !== life || ran.text !== textOf(block)) return true;
  return page.slice(0, page.indexOf(block)).some((earlier) => earlier.ran?.since > ran.at);
}

async function execute(block, run, onOutput, onState) {
  const text = textOf(block);
  const { ran, name, page } = block;
  const result = await run(text, { file: name, page: page.visit, onOutput, onState });
  const at = (clock += 1);
  const same = ran?.life === life && ran.text === text;
  block.ran = result.status === "done" ? { text, life, at, since: same ? ran.since : at } : null;
  return result;
}

function clear(output) {
  output.replaceChildren();
  output.removeAttribute("tabindex"); // nothing is there to be scrolled
}

async function press(block, run) {
  const { print, flush, shown } = printer(block.output);
  clear(block.output);
  const say = (sentence) => (block.status.textContent = sentence);
  for (const earlier of block.page.slice(0, block.page.indexOf(block))) {
    if (!stale(earlier)) continue; // asked now: one that just ran may have made it so
    const words = [];
    const result = await execute(earlier, run, (...word) => words.push(word), say);
    if (result.status !== "done") {
      if (result.status === "error") result.sentence = `${earlier.name}, which runs first, ended with an error.`;
      words.forEach((word) => print(...word));
      flush();
      return result;
    }
  }
  const result = await execute(block, run, print, say);
  flush();
  if (result.status === "done") result.sentence = verdict(block.expected, shown);
  if (result.status === "error") result.sentence = "Ended with an error.";
  return result;
}

function offer(block) {
  const { host, name } = block;
  const bar = make("div", { class: "run", role: "group", "aria-label": name });
  const runs = make("button", { type: "button", class: "run-run" });
  const edit = make("button", { type: "button", "aria-label": `Edit ${name}` }, "Edit");
  const reset = make("button", { type: "button", "aria-label": `Reset ${name}` }, "Reset");
  block.status = make("p", { role: "status" });
  block.output = make("pre", { role: "log", "aria-live": "polite", "aria-label": `Output of ${name}` });
  const buttons = make("div", { class: "run-buttons" });
  buttons.append(runs, edit, reset);
  bar.append(buttons, block.status, block.output);
  host.after(bar);

  block.idle = () => {
    if (bar.dataset.state === "busy") return;
    runs.replaceChildren(make("span", {}, `Run ${name}`));
    // Said until something is there: nobody should pay for a click unawares.
    if (!started()) runs.append(make("small", {}, ` (downloads Python, ${size})`));
    const untouched = !block.editor && !block.output.hasChildNodes();
    reset.setAttribute("aria-disabled", String(untouched));
  };
  const start = async () => {
    if (bar.dataset.state === "busy") return;
    bar.dataset.state = "busy";
    runs.replaceChildren(make("span", {}, `Stop ${name}`));
    block.status.textContent = "Waiting …";
    const result = await inTurn((run) => press(block, run));
    bar.dataset.state = result.status;
    block.status.textContent = result.sentence ?? "";
    block.page.forEach((each) => each.idle());
  };
  const change = (text) => {
    block.editor?.remove();
    block.editor = makeEditor(text, `Code of ${name}`, start);
    block.editor.addEventListener("input", () => edits.set(block.key, block.editor.value));
    host.after(block.editor);
    host.classList.add("run-replaced");
    block.idle();
  };
  runs.addEventListener("click", (event) => {
    // The second half of a double click is no wish to stop.
    if (bar.dataset.state !== "busy") start();
    else if (event.detail < 2) stop();
  });
  edit.addEventListener("click", () => {
    if (!block.editor) change(block.original);
    block.editor.focus();
  });
  reset.addEventListener("click", () => {
    block.editor?.remove();
    block.editor = null;
    edits.delete(block.key);
    host.classList.remove("run-replaced");
    clear(block.output);
    block.status.textContent = "";
    block.idle();
  });
  block.change = change;
  block.idle();
  if (edits.has(block.key)) change(edits.get(block.key));
}

function refuse(host, sentence) {
  const note = make("div", { class: "run" });
  note.append(make("p", {}, sentence));
  host.after(note);
}

const isOptional = (host) => {
  for (let node = host.previousSibling; node && node.nodeType !== 1; node = node.previousSibling) {
    if (node.nodeType === 8 && node.data.includes("importorskip")) return true;
  }
  return false;
};

function enhance() {
  const hosts = document.querySelectorAll(".md-content div.language-python");
  if (document.querySelector(".run")) return;
  leave();
  visit += 1;
  const page = Object.assign([], { visit: `page ${visit}` });
  let missing = null;
  hosts.forEach((host, index) => {
    const absent = host.querySelector("code").textContent.match(ABSENT)?.[1];
    if (missing) refuse(host, `To run this block, copy it with those above it: no browser has ${missing}.`);
    else if (!absent) page.push(blockOf(host, index + 1, page));
    else {
      refuse(host, `No browser has ${absent}: copy this block to run it.`);
      if (!isOptional(host)) missing = absent;
    }
  });
  page.forEach(offer);
  offerSnippets(document.querySelector(".snippet-list"), page[0]);
}

// -- the scratch page

// A snippet as a page shows it: what it borrows, and its sections.
function sectionsOf(source) {
  const sections = source.matchAll(/^ *# --8<-- \[start:.*\n([^]*?)^ *# --8<-- \[end:/gm);
  const borrowed = source.match(/^from snippets\..*? import (\([^)]*\)|.*)/gm) ?? [];
  const parts = [borrowed.join("\n"), ...[...sections].map(([, text]) => dedent(text).trimEnd())];
  return parts.filter(Boolean).join("\n\n\n") + "\n";
}
const dedent = (text) => text.replaceAll(new RegExp("^" + text.match(/^ */)[0], "gm"), "");

// The links become a drop-down that loads a file into the first block.
function offerSnippets(list, block) {
  if (!list) return;
  const label = make("label", { class: "run-snippets" }, "Load the code of ");
  const select = make("select");
  select.append(make("option", { value: "" }, "a rule …"));
  for (const family of list.children) {
    const group = make("optgroup", { label: family.firstChild.data.trim() });
    for (const link of family.querySelectorAll("a")) {
      group.append(make("option", { value: link.href }, link.textContent));
    }
    select.append(group);
  }
  select.addEventListener("change", async () => {
    const address = select.value;
    if (!address) return;
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.status);
      const code = sectionsOf(await answer.text());
      if (address !== select.value) return; // another was chosen meanwhile
      edits.set(block.key, code);
      block.status.textContent = "";
      block.change(code);
    } catch {
      block.status.textContent = "That file could not be fetched; choose it again to retry.";
    }
  });
  label.append(select);
  list.replaceWith(label);
  if (!block.editor) block.change(block.original);
}

document$.subscribe(enhance);
