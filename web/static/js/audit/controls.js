// Buttons, slider, speed, choices and keys of the player. What they do is the player's: this only passes it on.
(function () {
  "use strict";

  const FINE = 100000;
  const STORED = "alur.replay";

  function kept() {
    try { return JSON.parse(window.localStorage.getItem(STORED)) || {}; } catch (refused) { return {}; }
  }

  function keep(choices) {
    try { window.localStorage.setItem(STORED, JSON.stringify(choices)); } catch (refused) { /* private window */ }
  }

  // `player`: the acts {toggle, by, deed, to, share, faster} and `chosen(choices)`.
  function make(root, player) {
    const find = function (name) { return root.querySelector("[data-" + name + "]"); };
    const slider = find("slider");
    const speed = find("speed");
    const axis = find("axis");
    const follow = find("follow");
    const stops = find("stops");
    const play = root.querySelector("[data-act=play]");

    function choices() {
      return { speed: Number(speed.value), axis: axis.value, follow: follow.checked, stops: stops.checked };
    }

    function chosen() {
      keep(choices());
      player.chosen(choices());
    }

    function faster(by) {
      speed.selectedIndex = Math.min(speed.options.length - 1, Math.max(0, speed.selectedIndex + by));
      chosen();
      player.say(speed.options[speed.selectedIndex].textContent);
    }

    const acts = {
      play: player.toggle,
      first: function () { player.to(0); },
      last: function () { player.to(Infinity); },
      previous: function () { player.by(-1); },
      next: function () { player.by(1); },
      "deed-before": function () { player.deed(-1); },
      "deed-next": function () { player.deed(1); }
    };
    const anywhere = {
      " ": acts.play, ArrowLeft: acts.previous, ArrowRight: acts.next,
      "[": function () { faster(-1); }, "]": function () { faster(1); }
    };
    const inside = { Home: acts.first, End: acts.last, PageUp: acts["deed-before"], PageDown: acts["deed-next"] };
    // On a slider, arrows up and down move it as well; the keys that it has by itself go by events here.
    const onSlider = { ArrowUp: acts.next, ArrowDown: acts.previous };

    // Space presses the button that it stands on; arrows move the drawing that they stand on.
    function taken(event) {
      if (event.key === " ") { return event.target.closest("button, a, summary, input:not([type=range]), select") !== null; }
      return event.target.closest("select, textarea, input:not([type=range]), svg[tabindex]") !== null;
    }

    function pressed(event) {
      const nowhere = event.target === document.body || event.target.id === "main";
      if (!nowhere && !root.contains(event.target)) { return; }
      if (!window.alurKeys.free(event) || taken(event)) { return; }
      const act = anywhere[event.key] || (!nowhere && inside[event.key]) || (event.target === slider && onSlider[event.key]);
      if (!act) { return; }
      event.preventDefault();
      act();
    }

    root.addEventListener("click", function (event) {
      const button = event.target.closest("[data-act]");
      if (button && acts[button.dataset.act]) { acts[button.dataset.act](); }
    });
    [speed, axis, follow, stops].forEach(function (field) { field.addEventListener("change", chosen); });
    document.addEventListener("keydown", pressed);

    let asked = 0;
    slider.addEventListener("input", function () {
      window.cancelAnimationFrame(asked);
      asked = window.requestAnimationFrame(function () {
        if (axis.value === "events") { player.to(Number(slider.value)); } else { player.share(Number(slider.value) / FINE); }
      });
    });

    (function restore() {
      const was = kept();
      if (was.axis && axis.querySelector("option[value=" + CSS.escape(was.axis) + "]")) { axis.value = was.axis; }
      if (Array.from(speed.options).some(function (option) { return Number(option.value) === was.speed; })) { speed.value = String(was.speed); }
      if (was.follow === false) { follow.checked = false; }
      if (was.stops === true) { stops.checked = true; }
    }());

    return {
      choices: choices,
      ticks: function (drawn, events) {
        root.querySelectorAll("[data-ticks]").forEach(function (path) {
          path.setAttribute("d", window.alurReplayAxis.ticks(drawn, events, path.dataset.ticks));
        });
        slider.max = drawn.kind === "events" ? events.length - 1 : FINE;
      },
      show: function (drawn, place, ms, said) {
        slider.value = drawn.kind === "events" ? place : Math.round(drawn.share(place, ms) * FINE);
        slider.setAttribute("aria-valuetext", said);
        root.querySelectorAll("[data-act=first], [data-act=previous]").forEach(function (button) { off(button, place === 0); });
        root.querySelectorAll("[data-act=last], [data-act=next]").forEach(function (button) { off(button, place === player.last); });
      },
      playing: function (on) {
        play.classList.toggle("is-playing", on);
        play.querySelector("[data-word-play]").hidden = on;
        play.querySelector("[data-word-pause]").hidden = !on;
      }
    };
  }

  // Not `disabled`: a button that goes dead under the finger takes the focus with it.
  function off(button, yes) { button.setAttribute("aria-disabled", String(yes)); }

  window.alurReplayControls = { make: make };
}());
