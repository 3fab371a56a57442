// The list of events beside the drawing, however long: only the rows that can be seen are in the page.
(function () {
  "use strict";

  const MORE = 8;

  function row(model, at, current) {
    const event = model.events[at];
    const item = document.createElement("li");
    const button = document.createElement("button");
    const text = document.createElement("span");
    const meta = document.createElement("span");
    item.className = "replay-row is-" + event.group;
    item.setAttribute("aria-setsize", model.events.length);
    item.setAttribute("aria-posinset", at + 1);
    button.type = "button";
    button.dataset.place = at;
    button.tabIndex = current ? 0 : -1;
    if (current) { button.setAttribute("aria-current", "step"); }
    text.className = "replay-row-text";
    text.textContent = event.n + ". " + event.text;
    meta.className = "replay-row-meta";
    meta.textContent = [model.story.groups[event.group], event.when, model.person(event.who)].filter(Boolean).join(" · ");
    button.append(text, meta);
    item.append(button);
    return item;
  }

  function make(box, model, seek) {
    const list = box.querySelector("ol");
    let place = 0;
    let height = 0;
    let room = 0;
    let drawn = "";

    function measure() {
      if (height) { return; }
      list.replaceChildren(row(model, 0, true));
      height = list.firstChild.getBoundingClientRect().height;
      room = box.clientHeight;
      drawn = "";
    }

    function draw() {
      measure();
      if (!height) { return; } // not in sight (a closed part of the page)
      const seen = Math.ceil(room / height);
      const top = Math.floor(box.scrollTop / height);
      const from = Math.max(0, top - MORE);
      const to = Math.min(model.events.length, top + seen + MORE);
      const told = from + "-" + to + "@" + place;
      if (told === drawn) { return; }
      drawn = told;
      const focused = list.contains(document.activeElement);
      const rows = [];
      for (let at = from; at < to; at += 1) { rows.push(row(model, at, at === place)); }
      list.replaceChildren.apply(list, rows);
      list.style.paddingTop = from * height + "px";
      list.style.paddingBottom = (model.events.length - to) * height + "px";
      const current = list.querySelector("[aria-current]");
      if (focused) { (current || box).focus({ preventScroll: true }); }
    }

    function show(next) {
      place = next;
      measure();
      const above = place * height;
      if (above < box.scrollTop || above + height > box.scrollTop + room) {
        box.scrollTop = above - (room - height) / 2;
      }
      draw();
    }

    box.addEventListener("scroll", function () { window.requestAnimationFrame(draw); }, { passive: true });
    list.addEventListener("click", function (event) {
      const button = event.target.closest("[data-place]");
      if (button) { seek(Number(button.dataset.place)); }
    });
    list.addEventListener("keydown", function (event) {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!by || event.ctrlKey || event.altKey || event.metaKey) { return; }
      event.preventDefault();
      event.stopPropagation();
      seek(Math.min(model.last, Math.max(0, place + by)));
    });
    window.addEventListener("resize", function () { height = 0; show(place); });
    return { show: show };
  }

  window.alurReplayList = { make: make };
}());
