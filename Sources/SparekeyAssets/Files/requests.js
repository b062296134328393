"use strict";
// Keeps the inbox live: the server tells which requests are new or changed, and the list is fetched again. Nothing that
// somebody is about to press moves away from under the focus.

const live = document.getElementById("live");
const lists = ["open", "recent"];

function follow() {
  const status = live.querySelector("[role=status]");
  const say = (text) => { status.textContent = text; };
  const known = new Set([...document.querySelectorAll("li.row")].map((row) => row.id));
  const stream = new EventSource(live.dataset.events);
  let fetching = false;
  let isStale = false;

  function end() {
    stream.close();
    clearInterval(clock);
    say("");
    live.hidden = true;
    document.getElementById("over").hidden = false;
    document.querySelectorAll("li.row button").forEach((button) => { button.disabled = true; });
  }

  // By themselves these fetches are no use of the session: a page that nobody looks at does not keep anybody signed in.
  async function refresh() {
    isStale = true;
    if (fetching) return;
    fetching = true;
    try {
      while (isStale) {
        isStale = false;
        const answer = await fetch(live.dataset.list, { headers: { "X-Background": "1" }, redirect: "manual" });
        if (answer.type === "opaqueredirect" || answer.status === 403) return end();
        if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      }
    } catch {
      say(live.dataset.broken);
    } finally {
      fetching = false;
    }
  }

  function show(fresh) {
    const held = document.activeElement;
    const heldRow = held.closest("li.row");
    const arrived = [...fresh.querySelectorAll("#open-requests > li")].filter((row) => !known.has(row.id));
    fresh.querySelectorAll("li.row").forEach((row) => known.add(row.id));
    lists.forEach((name) => replace(`${name}-requests`, `none-${name}`, fresh));
    if (heldRow && !held.isConnected) keepFocus(heldRow.id, held.getAttribute("formaction"));
    if (arrived.length === 1) say(live.dataset.one);
    if (arrived.length > 1) say(live.dataset.many.replace("#", arrived.length));
  }

  stream.addEventListener("open", () => { say(live.dataset.on); refresh(); });
  stream.addEventListener("message", refresh);
  // The stream ends with the session, and with the server: asking tells which.
  stream.addEventListener("error", () => { say(live.dataset.broken); refresh(); });
  const clock = setInterval(refresh, 60_000);
}

// A row that is as it was stays the same element, with its focus.
function replace(listID, noneID, fresh) {
  const list = document.getElementById(listID);
  const wanted = fresh.getElementById(listID);
  const rows = [...wanted.children].map((row) => {
    const present = document.getElementById(row.id);
    return present && present.outerHTML === row.outerHTML ? present : row;
  });
  [...list.children].filter((row) => !rows.includes(row)).forEach((row) => row.remove());
  rows.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
  list.hidden = wanted.hidden;
  document.getElementById(noneID).hidden = fresh.getElementById(noneID).hidden;
}

function keepFocus(rowID, action) {
  const row = document.getElementById(rowID);
  // Never another button than the one that was held: somebody may be about to press it.
  const near = row?.querySelector(`button[formaction="${action}"]`) ?? row ?? document.getElementById("open");
  if (near === row) row.tabIndex = -1;
  near.focus();
}

if (live) follow();
