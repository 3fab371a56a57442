// The form builder: outline, panel, preview and findings around one file of the draft, which draft.js saves.
(function () {
  "use strict";

  const root = document.getElementById("builder");
  if (!root || !window.alurDraft) { return; }
  const dom = window.alurDom, model = window.alurFormModel;
  const builder = JSON.parse(root.dataset.builder), words = builder.words;
  const editable = window.alurDraft.page.editable;
  const kinds = builder.kinds.flatMap(function (group) { return group.kinds; });
  const ids = kinds.map(function (kind) { return kind.id; });
  const handle = window.alurDraft.open(builder.path);
  const status = root.querySelector("[data-say]");

  let form = null, place = [], faults = [], foreign = [], samples = {};
  const undo = [], redo = [];
  let typing = null;  // what the last step was about, so that one typing is one step

  const outline = window.alurFormOutline.create(root.querySelector("[data-outline]"), words, kindTitle, editable,
    { select: select, act: act, drop: drop });
  const panel = window.alurFormPanel.create(root.querySelector("[data-panel]"), words, editable, change, renamed, helper());
  const preview = window.alurFormPreview.create(root, builder.preview, words, told);
  const showLater = dom.calmly(400, function () { preview.show(model.write(form)); });

  // What a field for an expression asks for: names and functions. What is wrong with it comes with the preview.
  function helper() {
    return {
      names: function () {
        const above = model.above(form, place).map(function (one) {
          return { name: one.key, type_text: "", label: one.label || "", from: words.this_form, when: "" };
        });
        const known = above.map(function (one) { return one.name; });
        return above.concat(builder.vocabulary.names.filter(function (one) { return !known.includes(one.name); }));
      },
      functions: function () { return builder.vocabulary.functions; },
      check: function () { return Promise.resolve({}); },
      kindOf: function (kind) { return kind; },
      trial: { samples: function () { return {}; } },
      said: say,
      words: words
    };
  }

  function kindOf(component) { return component === form ? "form" : model.kindOf(component, ids); }

  function kindTitle(component) {
    const kind = kinds.find(function (one) { return one.id === kindOf(component); });
    return kind ? kind.title : dom.fill(words.unknown, { type: component.type });
  }

  function groupsOf(component) { return builder.panel[kindOf(component)] || builder.panel.unknown; }

  function say(sentence) { status.textContent = ""; window.setTimeout(function () { status.textContent = sentence; }, 30); }

  function called(component) { return (component.label || component.text || kindTitle(component)).slice(0, 60); }

  function placeWords() {
    const all = model.at(form, place.slice(0, -1)).components.length;
    return dom.fill(words.place, { n: place[place.length - 1] + 1, all: all });
  }

  // A finding names a component by its key, its path or its id.
  function faultsOf(component) {
    const names = component === form ? [builder.name, "text", ""] : [component.key, component.path, component.id].filter(Boolean);
    return faults.concat(foreign).filter(function (fault) {
      return names.includes(fault.where) || (component !== form && names.includes(fault.where.split(".").pop()));
    });
  }

  function drawOutline() { outline.draw(form, place, function (component) { return faultsOf(component).length > 0; }); }

  function drawPanel() {
    const component = model.at(form, place);
    root.querySelector("[data-panel-title]").textContent = place.length ? kindTitle(component) : words.form;
    panel.draw(component, groupsOf(component), model.above(form, place), faultsOf(component));
    root.querySelectorAll("[data-do]").forEach(function (button) {
      const name = button.dataset.do;
      if (name === "undo") { button.disabled = !undo.length; }
      if (name === "redo") { button.disabled = !redo.length; }
      if (["up", "down", "in", "out", "copy", "remove"].includes(name)) { button.disabled = !place.length; }
    });
  }

  function draw() { drawOutline(); drawPanel(); drawFindings(); }

  function select(goal) { place = goal; typing = null; drawOutline(); drawPanel(); }

  // Every change goes through here: what was before can be had again, and the file is saved.
  function changing(about, action) {
    const before = { text: model.write(form), place: place.slice() };
    action();
    if (!about || about !== typing) { undo.push(before); if (undo.length > 200) { undo.shift(); } }
    typing = about;
    redo.length = 0;
    handle.save(model.write(form));
    showLater();
  }

  function change(path, value, about) {
    changing(about ? place.join(".") + ":" + about : null, function () { model.set(model.at(form, place), path, value); });
    drawOutline();
    const buttons = root.querySelector("[data-do=undo]");
    if (buttons) { buttons.disabled = false; root.querySelector("[data-do=redo]").disabled = true; }
  }

  function renamed(before, after) {
    const named = model.walk(form).map(function (one) { return model.nameOf(one.component); });
    if (!/^[A-Za-z]\w*$/.test(before) || !/^[A-Za-z]\w*$/.test(after) || named.includes(before)) { return; }
    if (!model.rename(JSON.parse(JSON.stringify(form)), before, after)) { return; }
    let count = 0;
    changing(null, function () { count = model.rename(form, before, after); });
    say(dom.fill(words.renamed, { n: count, name: after }));
  }

  function back(from, to, sentence) {
    const step = from.pop();
    if (!step) { return; }
    to.push({ text: model.write(form), place: place.slice() });
    form = model.parse(step.text);
    place = model.at(form, step.place) ? step.place : [];
    typing = null;
    handle.save(model.write(form));
    showLater.flush();
    preview.show(model.write(form));
    draw();
    say(sentence);
  }

  function moved(goal, component) {
    if (!goal) { say(dom.fill(words.cannot_move, { name: called(component) })); return; }
    place = goal;
    draw();
    say(dom.fill(words.moved, { name: called(component), place: placeWords() }));
  }

  function step(way) {
    const component = model.at(form, place), trial = JSON.parse(JSON.stringify(form));
    if (!model.step(trial, place, way)) { moved(null, component); return; }
    let goal = null;
    changing(null, function () { goal = model.step(form, place, way); });
    moved(goal, component);
  }

  function drop(from, to) {
    const component = model.at(form, from);
    if (model.inside(from, to)) { moved(null, component); return; }
    let goal = null;
    changing(null, function () { goal = model.move(form, from, to); });
    moved(goal, component);
    outline.focus();
  }

  // Into a group that is selected, behind anything else; before the button when nothing is selected.
  function newPlace() {
    const component = model.at(form, place);
    if (place.length && model.isContainer(component)) { return place.concat(model.children(component).length); }
    if (place.length) { return place.slice(0, -1).concat(place[place.length - 1] + 1); }
    const last = form.components[form.components.length - 1];
    return [form.components.length - (last && last.type === "button" ? 1 : 0)];
  }

  function put(component, goal) {
    changing(null, function () { model.insert(form, goal, component); });
    place = goal;
    draw();
    say(dom.fill(words.added, { name: called(component), place: placeWords() }));
  }

  function remove() {
    if (!place.length) { return; }
    const gone = model.at(form, place);
    changing(null, function () { model.remove(form, place); });
    const rest = place.slice(0, -1), left = model.at(form, rest).components.length;
    place = left ? rest.concat(Math.min(place[place.length - 1], left - 1)) : rest;
    draw();
    outline.focus();
    say(dom.fill(words.removed, { name: called(gone) }));
  }

  function openPalette(open) {
    const palette = root.querySelector("[data-palette]"), button = root.querySelector("[data-do=add]");
    palette.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    (open ? palette.querySelector("button") : button).focus();
  }

  function act(name) {
    if (name === "panel") { panel.focus(); return; }
    if (!editable) { return; }
    const acts = {
      add: function () { openPalette(root.querySelector("[data-palette]").hidden); },
      copy: function () { put(model.copyOf(form, model.at(form, place)), place.slice(0, -1).concat(place[place.length - 1] + 1)); },
      remove: remove,
      undo: function () { back(undo, redo, words.undone); },
      redo: function () { back(redo, undo, words.redone); }
    };
    (acts[name] || function () { step(name); })();
  }

  root.addEventListener("click", function (event) {
    const tool = event.target.closest("[data-do]"), kind = event.target.closest("[data-kind]"), goal = event.target.closest("[data-where]");
    if (tool) { act(tool.dataset.do); }
    if (kind) {
      put(model.fresh(form, kinds.find(function (one) { return one.id === kind.dataset.kind; })), newPlace());
      openPalette(false);
      panel.focus();
    }
    if (goal) { goTo(goal.dataset.where); }
  });

  root.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && event.target.closest("[data-palette]")) { openPalette(false); return; }
    if (!editable || !(event.ctrlKey || event.metaKey)) { return; }
    const key = event.key.toLowerCase(), area = event.target.closest("[data-panel], [data-samples]");
    if (area && /INPUT|TEXTAREA/.test(event.target.tagName)) { return; }  // the field's own undo
    if (key === "z" && !event.shiftKey) { event.preventDefault(); act("undo"); }
    if (key === "y" || (key === "z" && event.shiftKey)) { event.preventDefault(); act("redo"); }
  });

  function goTo(where) {
    const found = model.walk(form).find(function (one) { return faultsOf(one.component).some(function (fault) { return fault.where === where; }); });
    select(found ? found.place : []);
    panel.focus();
  }

  // ---- what the server says

  function told(answer) {
    faults = answer.faults;
    drawOutline();
    panel.drawFaults(faultsOf(model.at(form, place)));
    drawFindings();
    drawSamples(answer.wanted, answer.unreadable);
  }

  function drawFindings() {
    const rows = faults.concat(foreign).map(function (fault) {
      return dom.make("li", { class: "finding finding-" + fault.severity },
        dom.make("strong", {}, (fault.severity === "error" ? words.error : words.warning) + ": "),
        dom.make("button", { type: "button", class: "btn btn-link", "data-where": fault.where }, fault.where || words.form),
        " " + fault.reason + " " + fault.cure);
    });
    root.querySelector("[data-findings]").replaceChildren.apply(root.querySelector("[data-findings]"),
      rows.length ? rows : [dom.make("li", { class: "soft" }, words.no_findings)]);
  }

  // Of the gate's findings about this file only those that the form alone does not show.
  document.addEventListener("alur:findings", function (event) {
    foreign = event.detail.filter(function (one) { return one.file === builder.path && one.code.indexOf("form_") !== 0; })
      .map(function (one) { return { where: one.element, severity: one.severity, reason: one.reason, cure: one.cure }; });
    if (form) { drawFindings(); drawOutline(); }
  });

  const giveLater = dom.calmly(500, function () { preview.give(samples); });

  function drawSamples(wanted, unreadable) {
    const box = root.querySelector("[data-samples]"), fields = root.querySelector("[data-sample-fields]");
    box.hidden = !wanted.length;
    const there = Array.from(fields.querySelectorAll("input"));
    if (there.map(function (input) { return input.name; }).join() !== wanted.join()) {
      fields.replaceChildren.apply(fields, wanted.map(sampleField));
    }
    fields.querySelectorAll("input").forEach(function (input) {
      const bad = unreadable.includes(input.name);
      if (bad) { input.setAttribute("aria-invalid", "true"); input.title = words.unreadable; } else { input.removeAttribute("aria-invalid"); input.removeAttribute("title"); }
    });
  }

  function sampleField(name) {
    const id = dom.id("sample");
    const input = dom.make("input", { class: "form-control", id: id, name: name, autocomplete: "off", spellcheck: "false", oninput: function () {
      samples[name] = input.value; giveLater();
    } });
    input.value = samples[name] || "";
    return dom.make("div", { class: "panel-part" }, dom.make("label", { for: id }, name), input);
  }

  // ---- beginning

  function show(text) {
    try {
      form = model.parse(text);
    } catch (error) {
      form = null;
      root.querySelector("[data-findings]").replaceChildren(dom.make("li", { class: "finding finding-error" }, dom.fill(words.broken, { why: error.message })));
      root.dataset.broken = "1";
      return;
    }
    delete root.dataset.broken;
    place = model.at(form, place) ? place : [];
    undo.length = redo.length = 0;
    draw();
    preview.show(model.write(form));
  }

  handle.onreload(show);
  handle.load().then(show).then(window.alurDraft.findings);
}());
