// The doctor in its page: three fields, Diagnose, ten mistakes to load, a link to share.
// The list of mistakes, which is there without JavaScript, becomes all of it.
//
//   #rule=softmax/softmax    a rule as an exercise ("Practise this rule")
//   #texts=eyJmb3J3…         the three texts, as JSON in base64url
//
// A fragment fills the fields.  It never runs anything.

import { inTurn, size, started, stop } from "../run/python.js";
import { makeEditor, page } from "../run/run.js";

const FIELDS = { forward: "Forward", backward: "Backward", inputs: "Inputs" };
const MARKS = { ".": "right", "#": "wrong", "~": "kink", "?": "not finite" };

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// -- texts in a link

const encode = (texts) => {
  const bytes = new TextEncoder().encode(JSON.stringify(texts));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};

function decode(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const texts = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (!Object.keys(FIELDS).every((name) => typeof texts[name] === "string")) throw new Error("not three texts");
  return texts;
}

// -- what the doctor says

// Cells with their marks, so that colour is not all; one sentence for who sees neither.
function drawn({ argument, rows, says }) {
  const grid = make("div", { class: "doctor-cells", role: "img",
    "aria-label": `Where the gradient of ${argument} is wrong: ${says}.` });
  grid.style.gridTemplateColumns = `repeat(${rows[0].length}, 1.15rem)`;
  for (const mark of rows.join("")) grid.append(make("span", { "data-mark": mark }, mark));
  const marks = Object.keys(MARKS).filter((mark) => rows.join("").includes(mark));
  const legend = make("figcaption", {}, `gradient of ${argument}: ${says}`);
  for (const mark of marks) {
    legend.append(make("span", { class: "doctor-key" }, make("span", { "data-mark": mark }, mark), ` ${MARKS[mark]}`));
  }
  return make("figure", { class: "doctor-picture" }, make("div", { class: "doctor-scroll" }, grid), legend);
}

const listOf = (reports) => reports.map(({ argument, code }) => (argument ? `${argument}: ${code}` : code)).join(", ");

// -- the page

function offer(list) {
  const examples = [...list.children].map((item) => {
    const [entry, thread] = [...item.querySelectorAll("a")].map((link) => link.cloneNode(true));
    const title = entry.textContent;
    entry.textContent = "entry " + entry.hash.match(/\d+$/)[0];
    return { title, texts: JSON.parse(item.dataset.texts), entry, thread };
  });

  const select = make("select", {}, make("option", { value: "" }, "a famous mistake …"));
  examples.forEach(({ title }, number) => select.append(make("option", { value: number }, title)));
  const source = make("span", { class: "doctor-source" });
  const editors = {};
  const fields = Object.entries(FIELDS).map(([name, label]) => {
    editors[name] = makeEditor("", label, () => start(diagnose));
    return make("div", { class: "doctor-field" }, make("div", { "aria-hidden": "true" }, label), editors[name]);
  });
  const press = make("button", { type: "button", class: "doctor-press" });
  const load = make("button", { type: "button", hidden: "" });
  const copy = make("button", { type: "button" }, "Copy link");
  const status = make("p", { role: "status" });
  const output = make("pre", { role: "log", "aria-live": "polite", "aria-label": "What the doctor says" });
  const pictures = make("div", { class: "doctor-pictures" });
  const bar = make("div", { class: "doctor-bar" }, load, press, copy, status);
  const desk = make("div", { class: "doctor", role: "group", "aria-label": "The doctor in this page" },
    make("p", { class: "doctor-load" }, make("label", {}, "Load ", select), source), ...fields, bar, output, pictures);
  let busy = false;
  let rule = null; // that Load would load

  const say = (sentence = "") => (status.textContent = sentence);
  const texts = () => Object.fromEntries(Object.entries(editors).map(([name, { value }]) => [name, value]));
  const clear = () => {
    output.replaceChildren();
    output.removeAttribute("tabindex");
    pictures.replaceChildren();
  };
  function fill(given) {
    for (const name of Object.keys(FIELDS)) {
      editors[name].value = given[name];
      editors[name].dispatchEvent(new Event("input")); // it fits its size to the text
    }
    clear();
    source.replaceChildren();
    rule = null;
    idle();
  }
  function show(number) {
    const { texts, entry, thread } = examples[number];
    fill(texts);
    source.append(" (", entry, " of the forty, met in ", thread, ")");
    select.value = number;
  }
  function idle() {
    // Said until something is there, as under the blocks.
    const cost = () => (started() ? "" : make("small", {}, ` (downloads Python and NumPy, ${size})`));
    press.replaceChildren(...(busy ? ["Stop"] : ["Diagnose", cost()]));
    load.hidden = rule === null || busy;
    load.replaceChildren(`Load ${rule}`, cost());
  }

  async function start(task) {
    if (busy) return;
    busy = true;
    desk.dataset.state = "busy";
    idle();
    say("Waiting …");
    let result;
    try {
      result = await inTurn(task);
    } catch (error) {
      result = { status: "error", sentence: `The page could not read the answer (${error.message}).` };
    }
    busy = false;
    desk.dataset.state = result.status;
    idle();
    say(result.sentence);
    return result;
  }

  // Calls a function of doctor_page.py; an answer is the JSON of its last line.
  async function call(run, name, given, onPrint = () => {}) {
    const code = `__import__("doctor_page").${name}(${given.map((text) => JSON.stringify(text)).join(", ")})`;
    let answer = "";
    let wrong = "";
    const onOutput = (stream, text) => {
      if (stream === "value") answer += text;
      else if (stream === "cut") onPrint("\n… only the first 10,000 characters are shown");
      else onPrint(text);
      if (stream === "stderr") wrong += text;
    };
    const result = await run(code, { file: "the doctor", page: page(), onOutput, onState: say });
    if (result.status === "error") result.sentence = "The doctor itself ended with an error.";
    return { ...result, answer: answer && JSON.parse(answer), wrong };
  }

  async function diagnose(run) {
    clear();
    const print = (text) => {
      output.append(text);
      output.tabIndex = 0; // it may scroll
    };
    const result = await call(run, "show", Object.values(texts()), print);
    if (result.status !== "done") return result;
    const { answer, ...ended } = await call(run, "pictures", []);
    if (ended.status !== "done") return ended;
    pictures.append(...answer.filter(({ rows }) => rows.length).map(drawn));
    ended.sentence = answer.length ? `Diagnosed: ${listOf(answer)}.` : "Not diagnosed; the reason is below.";
    return ended;
  }

  async function practise(run) {
    const name = rule;
    const result = await call(run, "practise", [name]);
    if (result.status !== "done") return result;
    rule = null;
    if (result.answer.sentence) return { ...result, sentence: result.answer.sentence };
    fill(result.answer);
    select.value = "";
    source.append(` (now the rule ${name}, without its backward)`);
    return { ...result, sentence: "Write the backward, then press Diagnose." };
  }

  function read(fragment) {
    const [, kind, given] = fragment.match(/^#(rule|texts)=(.*)$/s) ?? [];
    if (kind === "texts") {
      try {
        fill(decode(given));
        select.value = "";
        say("These texts come from a link; nothing has run. Read them, then press Diagnose.");
      } catch {
        say("The link is damaged: it does not hold three texts. An example is shown.");
      }
    } else if (kind === "rule" && /^[a-z0-9_]+\/[a-z0-9_]+$/.test(given)) {
      rule = given;
      idle();
      say(`Load puts the forward and inputs of ${given} into the fields, and an empty backward.`);
    } else if (kind === "rule") say("The link names no rule. An example is shown.");
  }

  press.addEventListener("click", (event) => {
    // The second half of a double click is no wish to stop.
    if (!busy) start(diagnose);
    else if (event.detail < 2) stop();
  });
  load.addEventListener("click", async () => {
    press.focus(); // Load goes
    const result = await start(practise);
    if (result.answer?.backward) editors.backward.focus();
  });
  copy.addEventListener("click", async () => {
    const link = location.href.split("#")[0] + "#texts=" + encode(texts());
    try {
      await navigator.clipboard.writeText(link);
      say("The link is copied. It carries the three texts.");
    } catch {
      history.replaceState(history.state, "", link);
      say("The link stands in the address bar.");
    }
  });
  select.addEventListener("change", () => {
    if (select.value === "") return;
    show(select.value);
    say();
  });

  list.before(desk);
  list.classList.add("doctor-replaced");
  show(5); // softmax, as if it worked entry by entry
  read(location.hash);
  desk.readAddress = () => read(location.hash);
}

// A link of this kind followed or pasted while the page is open.
addEventListener("hashchange", () => document.querySelector(".doctor")?.readAddress());

document$.subscribe(() => {
  for (const link of document.querySelectorAll("a[data-rule]")) link.hash = `rule=${link.dataset.rule}`;
  const list = document.querySelector(".mistake-list");
  if (list && !document.querySelector(".doctor")) offer(list);
});
