"use strict";
// The pages about accounts. Without it they work as pages; with it the reset opens in a dialog, the strength of a password
// is told while somebody types, and what is shown once can be copied and goes away by itself.

const SECONDS = 10;

function copy(text, box) {
  const byHand = () => {
    getSelection().selectAllChildren(box);
    document.execCommand("copy");
  };
  // Without https there is no clipboard but by selecting.
  return navigator.clipboard ? navigator.clipboard.writeText(text).catch(byHand) : Promise.resolve(byHand());
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  if (name === "button") made.type = "button";
  return made;
}

// Shows what is there to be copied, and leaves ten seconds after that; a person can hold it open.
function handOver(section, leave) {
  const words = section.dataset;
  const box = section.querySelector(".secret code");
  const bar = section.querySelector(".copying");
  const button = element("button", "button primary", words.copy);
  const hold = element("button", "button quiet", words.pause);
  const said = element("span", "unseen");
  const count = element("span", "count");
  said.setAttribute("role", "status");
  count.setAttribute("role", "timer");
  hold.hidden = count.hidden = true;
  bar.prepend(button);
  bar.append(hold, count, said);
  let left = SECONDS;
  let clock = 0;
  const show = () => { count.textContent = words.closes.replace("{}", left); };
  const stop = () => { clearInterval(clock); clock = 0; };
  const start = () => {
    stop();
    clock = setInterval(() => {
      left -= 1;
      show();
      if (left <= 0) { stop(); leave(); }
    }, 1000);
  };
  button.addEventListener("click", async () => {
    await copy(box.textContent, box);
    left = SECONDS;
    show();
    hold.hidden = count.hidden = false;
    hold.textContent = words.pause;
    said.textContent = `${words.copied} ${count.textContent}`;
    start();
  });
  hold.addEventListener("click", () => {
    if (clock) stop(); else start();
    hold.textContent = clock ? words.pause : words.goOn;
  });
  section.querySelector(".done").addEventListener("click", (event) => { event.preventDefault(); leave(); });
  return () => { stop(); section.remove(); };
}

// The server judges, a moment after the last key.
function judge(box) {
  const input = box.parentElement.querySelector(`[name="${box.dataset.field}"]`);
  const token = input.form.querySelector('[name="csrf"]').value;
  const [word, meter, list] = ["strong", "meter", "ul"].map((name) => box.querySelector(name));
  let wait = 0;
  let asked = 0;
  const ask = async () => {
    const mine = asked += 1;
    const answer = await fetch(box.dataset.url, {
      method: "POST", body: new URLSearchParams({ csrf: token, [input.name]: input.value }),
    });
    // A slow answer to an earlier question is none to the last.
    if (!answer.ok || answer.redirected || mine !== asked) return;
    const found = await answer.json();
    word.textContent = found.label;
    meter.value = found.level;
    list.replaceChildren(...found.advice.map((text) => element("li", "", text)));
    box.hidden = false;
  };
  input.addEventListener("input", () => {
    clearTimeout(wait);
    asked += 1;
    if (input.value) wait = setTimeout(ask, 250); else box.hidden = true;
  });
}

function improve(root, leave) {
  root.querySelectorAll(".strength").forEach(judge);
  return [...root.querySelectorAll(".handover")].map((section) => handOver(section, leave));
}

// The dialog is the page that the key leads to: fetched, and its forms sent, without leaving the list.
function openBy(dialog) {
  let clear = [];
  const empty = () => {
    clear.forEach((each) => each());
    clear = [];
    dialog.replaceChildren();
  };
  // At once: the event comes later.
  const close = () => { empty(); dialog.close(); };
  const show = async (answer) => {
    // A sign-in that is too old: there, and then to the page itself.
    if (answer.redirected) { location.assign(answer.url); return; }
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    empty();
    dialog.append(...found.querySelector("main").children);
    dialog.querySelectorAll(".control[data-reveal]").forEach(reveal);
    dialog.querySelectorAll(".requirements").forEach(tick);
    clear = improve(dialog, close);
    dialog.querySelectorAll(".leave").forEach((each) => each.remove());
    const shut = element("button", "button quiet close", dialog.dataset.close);
    shut.addEventListener("click", close);
    if (!dialog.querySelector(".done")) dialog.append(shut);
    const title = dialog.querySelector("h1");
    title.id = "dialog-title";
    title.tabIndex = -1;
    if (!dialog.open) dialog.showModal();
    title.focus();
  };
  dialog.addEventListener("close", empty);
  dialog.addEventListener("submit", async (event) => {
    const form = event.target;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    const body = new URLSearchParams(new FormData(form));
    await show(await fetch(form.action, { method: "POST", body }));
  });
  return async (link) => {
    await show(await fetch(link.href, { headers: { Accept: "text/html" } }));
    dialog.addEventListener("close", () => link.focus(), { once: true });
  };
}

const dialog = document.getElementById("reset-dialog");
if (dialog) {
  const open = openBy(dialog);
  document.querySelectorAll("a.key").forEach((link) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  }));
}

const page = document.querySelector("main");
const shown = page.querySelector(".handover");
const clear = improve(page, () => location.assign(page.querySelector(".done").href));
if (shown) {
  // Loading the page again asks for the form, and does not send it once more.
  history.replaceState(null, "", shown.dataset.again);
  addEventListener("pagehide", () => clear.forEach((each) => each()));
}
