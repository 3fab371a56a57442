// Where the stage is: the process, and the called processes that it was opened into.
(function () {
  "use strict";

  function name(model, shown, step) {
    const element = model.story.versions[shown.version].elements[step.element] || {};
    const number = step.i === null || step.i === undefined ? "" : " " + model.words.numbered.replace("{n}", step.i);
    return (element.name || step.element) + number;
  }

  function fill(list, model, shown, main, leave) {
    const steps = [main.name].concat(shown.trail.map(function (step) { return name(model, shown, step); }));
    const told = shown.version + "/" + shown.path + "/" + steps.join("/");
    if (list.dataset.told === told) { return; }
    list.dataset.told = told;
    list.replaceChildren.apply(list, steps.map(function (text, depth) {
      const item = document.createElement("li");
      item.className = "breadcrumb-item";
      if (depth === steps.length - 1) {
        const version = document.createElement("span");
        item.textContent = text;
        item.setAttribute("aria-current", "true");
        version.className = "soft";
        version.textContent = " · " + model.words.version.replace("{n}", model.story.versions[shown.version].number);
        item.append(version);
        return item;
      }
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-link";
      button.textContent = text;
      button.addEventListener("click", function () { leave(depth); });
      item.append(button);
      return item;
    }));
  }

  window.alurReplayTrail = { fill: fill };
}());
