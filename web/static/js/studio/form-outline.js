// The components of a form as a tree to walk through with the arrow keys. Shows and tells; it changes nothing itself.
(function () {
  "use strict";

  const make = window.alurDom.make, model = window.alurFormModel;
  const MOVES = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };

  // `tell`: { select(place), act(name), drop(from, to) }
  function create(list, words, kindTitle, editable, tell) {
    let selected = [];

    function items() { return Array.from(list.querySelectorAll("[role=treeitem]")); }

    function titleOf(component) {
      const said = component.label || component.dateLabel || component.text || "";
      const words_ = String(said).replace(/^#+\s*/, "").split("\n")[0].trim();
      return words_.length > 70 ? words_.slice(0, 69) + "…" : words_;
    }

    function marks(component) {
      const found = [];
      if (model.get(component, "validate.required") === true) { found.push(words.required); }
      if (model.get(component, "conditional.hide")) { found.push(words.conditional); }
      return found;
    }

    function item(title, kind, place, size, more, faulty, holds) {
      const level = place.length + 1, position = place.length ? place[place.length - 1] + 1 : 1;
      const chosen = String(place) === String(selected) && place.length === selected.length;
      return make("li", {
        role: "treeitem", class: "outline-item", "data-place": place.join("."), "data-level": Math.min(level, 4),
        "aria-level": level, "aria-posinset": position, "aria-setsize": size, "aria-selected": chosen ? "true" : "false",
        tabindex: chosen ? "0" : "-1", draggable: editable && place.length ? "true" : null,
        "data-holds": holds
      },
      make("span", { class: "outline-title" }, title || kind),
      make("span", { class: "outline-kind" }, title ? " " + [kind].concat(more).join(" · ") : more.length ? " " + more.join(" · ") : ""),
      faulty ? make("span", { class: "outline-fault" }, " " + words.has_fault) : null);
    }

    function draw(form, place, faulty) {
      selected = place;
      const rows = [item(words.form, model.get(form, "properties.title") || words.form_title, [], 1, [], false, false)];
      model.walk(form).forEach(function (one) {
        const siblings = model.at(form, one.place.slice(0, -1)).components.length;
        rows.push(item(titleOf(one.component), kindTitle(one.component), one.place, siblings,
          marks(one.component), faulty(one.component), model.isContainer(one.component)));
      });
      const had = list.contains(document.activeElement);
      list.replaceChildren.apply(list, rows);
      if (had) { focus(); }
    }

    function focus() {
      const current = list.querySelector("[aria-selected=true]");
      if (current) { current.focus(); current.scrollIntoView({ block: "nearest" }); }
    }

    function placeOf(element) { return element.dataset.place ? element.dataset.place.split(".").map(Number) : []; }

    function go(element) { if (element) { tell.select(placeOf(element)); focus(); } }

    list.addEventListener("click", function (event) {
      const found = event.target.closest("[role=treeitem]");
      if (found) { go(found); }
    });

    list.addEventListener("keydown", function (event) {
      const here = event.target.closest("[role=treeitem]");
      if (!here || event.ctrlKey || event.metaKey) { return; }
      const all = items(), index = all.indexOf(here), place = placeOf(here);
      if (event.altKey && MOVES[event.key]) {
        event.preventDefault();
        if (place.length) { tell.act(MOVES[event.key]); }
        return;
      }
      const goal = {
        ArrowDown: all[index + 1], ArrowUp: all[index - 1], Home: all[0], End: all[all.length - 1],
        ArrowLeft: place.length ? all.find(function (one) { return one.dataset.place === place.slice(0, -1).join("."); }) : null,
        ArrowRight: all.find(function (one) { return one.dataset.place === place.concat(0).join("."); })
      }[event.key];
      if (goal) { event.preventDefault(); go(goal); return; }
      const act = { Delete: "remove", Insert: "add", Enter: "panel", " ": "panel" }[event.key];
      if (act) { event.preventDefault(); tell.act(act); }
    });

    if (editable) { window.alurFormDrag.install(list, placeOf, tell.drop); }
    return { draw: draw, focus: focus };
  }

  window.alurFormOutline = { create: create };
}());
