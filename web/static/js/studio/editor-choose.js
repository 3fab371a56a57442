// One question with many answers, by keyboard: type to narrow, arrows to move, Enter to take, Escape to leave.
(function () {
  "use strict";

  const dialog = document.querySelector("[data-choose]");
  if (!dialog) { return; }
  const title = dialog.querySelector("[data-choose-title]");
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const nothing = dialog.querySelector("[data-choose-nothing]");
  let options = [], shown = [], at = 0, settle = null;

  function mark(index) {
    if (!shown.length) { field.removeAttribute("aria-activedescendant"); return; }
    at = (index + shown.length) % shown.length;
    Array.from(list.children).forEach(function (item, i) { item.setAttribute("aria-selected", String(i === at)); });
    field.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function show() {
    const wanted = field.value.trim().toLowerCase();
    shown = options.filter(function (o) { return (o.label + " " + (o.more || "")).toLowerCase().includes(wanted); });
    list.replaceChildren.apply(list, shown.map(function (option, index) {
      const item = document.createElement("li");
      item.id = "choose-" + index;
      item.setAttribute("role", "option");
      item.textContent = option.label;
      if (option.more) {
        const more = document.createElement("span");
        more.className = "soft";
        more.textContent = " " + option.more;
        item.append(more);
      }
      item.addEventListener("click", function () { close(index); });
      return item;
    }));
    nothing.hidden = shown.length > 0;
    mark(0);
  }

  // At once: the dialog's own "close" comes later, and a key pressed meanwhile would find the answer not taken yet.
  function close(index) {
    const answered = settle, answer = index === null ? null : shown[index] || null;
    settle = null;
    dialog.close();
    if (answered) { answered(answer && answer.value); }
  }

  field.addEventListener("input", show);
  field.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown") { mark(at + 1); } else if (event.key === "ArrowUp") { mark(at - 1); } else if (event.key === "Enter") { close(at); } else { return; }
    event.preventDefault();
  });
  dialog.querySelector("[data-choose-close]").addEventListener("click", function () { close(null); });
  dialog.addEventListener("close", function () { if (settle && !dialog.open) { close(null); } });

  // options: [{label, more, value}]; resolves to the value, or null when left.
  window.alurChoose = function (question, given) {
    options = given;
    title.textContent = question;
    field.value = "";
    show();
    dialog.showModal();
    field.focus();
    return new Promise(function (resolve) { settle = resolve; });
  };
}());
