"use strict";
// Improves what works without it: shows a password on request, and ticks off the requirements while somebody types.

function reveal(control) {
  const input = control.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reveal";
  button.setAttribute("aria-controls", input.id);
  const label = document.querySelector(`label[for="${input.id}"]`);
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? control.dataset.conceal : control.dataset.reveal;
    button.setAttribute("aria-label", `${button.textContent}: ${label.textContent}`);
  };
  button.addEventListener("click", () => show(input.type === "password"));
  // What is sent is a password again, for the browser that keeps it.
  input.form.addEventListener("submit", () => show(false));
  show(false);
  control.classList.add("can-reveal");
  control.append(button);
}

// As the server judges: Unicode scalars of the NFC form; whatever is no letter or digit is special.
const checks = {
  length: (text, input) => [...text].length >= Number(input.getAttribute("minlength")),
  upper: (text) => /\p{Uppercase}/u.test(text),
  lower: (text) => /\p{Lowercase}/u.test(text),
  digit: (text) => /\p{Nd}/u.test(text),
  special: (text) => /[^\p{Uppercase}\p{Lowercase}\p{Nd}]/u.test(text),
};

function tick(box) {
  const input = document.getElementById(box.id.replace(/-requirements$/, ""));
  const lines = [...box.querySelectorAll("li[data-check]")];
  const states = lines.map((line) => {
    const state = document.createElement("span");
    state.className = "unseen";
    line.append(state);
    return state;
  });
  const update = () => {
    const text = input.value.normalize("NFC");
    lines.forEach((line, index) => {
      const met = checks[line.dataset.check](text, input);
      line.classList.toggle("met", met);
      line.classList.toggle("open", !met);
      states[index].textContent = `, ${met ? box.dataset.met : box.dataset.open}`;
    });
  };
  input.addEventListener("input", update);
  update();
}

document.querySelectorAll(".control[data-reveal]").forEach(reveal);
document.querySelectorAll(".requirements").forEach(tick);

// A link's token stands behind #: out of the address at once, and on to the next step (SEC-14).
function carry(form) {
  const token = location.hash.slice(1);
  if (!token) return;
  history.replaceState(null, "", location.pathname);
  form.elements.token.value = token;
  form.submit();
}

const carrier = document.querySelector("form[data-token-behind]");
if (carrier) {
  addEventListener("hashchange", () => carry(carrier));
  carry(carrier);
}
