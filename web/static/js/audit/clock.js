// The clock of the player: while it runs, it goes from event to event, at the reader's speed.
//
// Between two events tokens are on their way and, on the axis of time, the slider too; without motion, it rests there.
(function () {
  "use strict";

  const STEP = 450; // milliseconds of an event that moves no token, at speed 1
  const WAY = 1100; // … of one whose tokens walk
  const WHOLE = 60000; // the whole case on an axis of time, at speed 1
  const REST = 0.7; // the share of a walk after which tokens have arrived
  const LEAST = 60;

  // `player`: {last, place(), speed(), axis(), event(at), seek(at), between(at, share), begin(at), stops(at), ended()}
  function make(player) {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)");
    let running = false;
    let spent = 0;
    let before = 0;

    function length(at) {
      const next = player.event(at + 1);
      const own = next.flows && next.flows.length ? WAY : STEP;
      const axis = player.axis();
      if (axis.kind === "events") { return own; }
      return Math.max(LEAST, (axis.shares[at + 1] - axis.shares[at]) * WHOLE);
    }

    function frame(now) {
      if (!running) { return; }
      spent += Math.min(250, now - before) * player.speed();
      before = now;
      const start = player.place();
      let at = start;
      while (at < player.last && spent >= length(at)) {
        spent -= length(at);
        at += 1;
        if (player.stops(at)) { break; }
      }
      if (at !== start) { player.seek(at); }
      if (at === player.last || (at !== start && player.stops(at))) { stop(); return; }
      if (!still.matches) {
        if (at !== start || player.fresh()) { player.begin(at + 1); }
        player.between(at, Math.min(1, spent / length(at)), Math.min(1, spent / length(at) / REST));
      }
      window.requestAnimationFrame(frame);
    }

    function start() {
      if (running) { return; }
      running = true;
      spent = 0;
      before = performance.now();
      player.changed(true);
      window.requestAnimationFrame(frame);
    }

    function stop() {
      if (!running) { return; }
      running = false;
      player.changed(false);
    }

    return { start: start, stop: stop, running: function () { return running; }, restart: function () { spent = 0; } };
  }

  window.alurReplayClock = { make: make };
}());
