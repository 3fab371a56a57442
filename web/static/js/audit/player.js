// The player of a recorded case: one place in it, and whatever shows that place.
//
// window.alurReplay.start(root, {story, data, diagrams, words}) plays what is handed over: nothing is asked of a server.
// Without `diagrams` they are fetched from the addresses in the story; without `data`, from root's data-facts.
(function () {
  "use strict";

  const QUIET = 1500;

  function sourceOf(diagrams) {
    return function (version, diagram) {
      const given = diagrams && (diagrams[version + "/" + diagram.path] || diagrams[diagram.path]);
      if (given) { return Promise.resolve(given); }
      if (diagrams || !diagram.url) { return Promise.reject(new Error("no drawing")); }
      return fetch(diagram.url, { credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok) { throw new Error("status " + answer.status); }
        return answer.text();
      });
    };
  }

  // Steps are said when the reader makes them; while the clock runs, only so often that they can be listened to.
  function speaker(box) {
    let last = 0;
    let waiting = 0;
    let latest = "";
    function now() {
      waiting = 0;
      last = performance.now();
      box.textContent = latest;
    }
    return function (text, running) {
      latest = text;
      if (!running) { window.clearTimeout(waiting); now(); return; }
      if (!waiting) { waiting = window.setTimeout(now, Math.max(0, last + QUIET - performance.now())); }
    };
  }

  function moment(story) {
    const options = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: story.case.zone };
    const format = new Intl.DateTimeFormat(document.documentElement.lang || "id", options);
    return function (ms) { return format.format(ms) + (story.case.zone_name ? " " + story.case.zone_name : ""); };
  }

  function start(root, given) {
    root.querySelector("[data-replay-player]").hidden = false;
    const model = window.alurReplayStory.read(given.story);
    model.words = given.words;
    model.work = window.alurReplayWork.read(given.story);
    const facts = window.alurReplayFacts.make();
    const stage = window.alurReplayStage.make(root, model, sourceOf(given.diagrams));
    const panel = window.alurReplayPanel.make(root, model, stage);
    const data = window.alurReplayData.make(root, model, facts);
    const list = window.alurReplayList.make(root.querySelector("[data-list]"), model, function (at) { jump(at); });
    const say = speaker(root.querySelector("[data-said]"));
    const told = moment(given.story);
    const time = root.querySelector("[data-time]");
    let axis = null;
    let place = -1;
    let ms = 0;
    let walks = [];
    let fresh = false;
    let choices = null;
    let linking = 0;

    function sentence(event, instant) {
      const between = instant !== undefined && instant !== event.at ? told(instant) : [];
      const words = [].concat(between, window.alurReplayParts.filled(model.words.step, { n: event.n, all: model.events.length }), event.text);
      return words.concat(model.person(event.who) || [], event.when).join(", ");
    }

    function show(at, instant) {
      const event = model.events[at];
      const stepped = at !== place;
      const state = model.at(at);
      place = at;
      ms = instant;
      if (stepped) { list.show(at); } // first: it asks where things lie, which is dear once much has changed
      stage.show(state, event, ms);
      panel.show(state, event, ms, stepped);
      controls.show(axis, at, ms, sentence(event, ms));
      time.textContent = ms === event.at ? event.when : told(ms);
      if (!stepped) { return; }
      data.show(event);
      link(event.n);
      return event;
    }

    // By the reader's own hand: tokens that are on their way arrive, and the step is said.
    function jump(at, instant) {
      const to = Math.min(model.last, Math.max(0, at));
      rest();
      clock.restart();
      const event = show(to, instant === undefined ? model.events[to].at : instant);
      if (event && document.activeElement !== root.querySelector("[data-slider]")) { say(sentence(event), clock.running()); }
    }

    function rest() {
      walks = [];
      fresh = true;
      window.alurReplayMotion.clear(stage.current());
    }

    // The address names the step, once the reader has stayed with it for a moment.
    function link(n) {
      window.clearTimeout(linking);
      linking = window.setTimeout(function () {
        try { window.history.replaceState(window.history.state, "", "#e=" + n); } catch (refused) { /* a file on disk may not */ }
      }, 400);
    }

    function linked() {
      const found = /(?:^#|&)e=(\d+)/.exec(window.location.hash);
      return found ? model.place(Number(found[1])) : null;
    }

    const clock = window.alurReplayClock.make({
      last: model.last,
      place: function () { return place; },
      speed: function () { return choices.speed; },
      axis: function () { return axis; },
      event: function (at) { return model.events[at]; },
      fresh: function () { return fresh; },
      stops: function (at) { return choices.stops && model.intervention(at); },
      seek: function (at) {
        rest();
        const event = show(at, model.events[at].at);
        say(sentence(event), true);
      },
      begin: function (at) {
        fresh = false;
        const flows = model.events[at].flows || [];
        const drawn = stage.current();
        if (!flows.length || !drawn || choices.speed > 20) { return; }
        stage.follow(flows);
        walks = window.alurReplayMotion.begin(drawn, flows);
      },
      between: function (at, share, walked) {
        window.alurReplayMotion.show(walks, walked);
        if (axis.kind === "events" || at === model.last) { return; }
        const events = model.events;
        show(at, events[at].at + share * (events[at + 1].at - events[at].at));
      },
      changed: function (on) {
        controls.playing(on);
        if (on && place === model.last) { jump(0); }
        if (!on) { rest(); say(sentence(model.events[place]), false); }
      }
    });

    const controls = window.alurReplayControls.make(root, {
      last: model.last,
      toggle: function () { if (clock.running()) { clock.stop(); } else { clock.start(); } },
      by: function (by) { jump(place + by); },
      to: function (at) { jump(at); },
      share: function (share) { const found = axis.find(share); jump(found.place, found.ms); },
      deed: function (by) {
        const at = by > 0 ? model.nextDeed(place) : model.deedBefore(place);
        if (at === undefined) { say(model.words.nodeed, false); } else { jump(at); }
      },
      say: function (text) { say(text, false); },
      chosen: function (wanted) {
        choices = wanted;
        stage.follows = wanted.follow;
        if (axis.kind !== wanted.axis) { measure(); }
      }
    });

    function measure() {
      axis = window.alurReplayAxis.make(model.events, choices.axis);
      controls.ticks(axis, model.events);
      if (place >= 0) { jump(place); }
    }

    choices = controls.choices();
    stage.follows = choices.follow;
    measure();
    window.addEventListener("hashchange", function () {
      const wanted = linked();
      if (wanted !== null && wanted !== place) { jump(wanted); }
    });
    if (given.data) {
      facts.take(given.data);
    } else if (root.dataset.facts) {
      window.alurReplayFacts.load(root.dataset.facts, facts, data.arrived)
        .catch(function () { facts.broken(model.words.broken); data.arrived(); });
    }
    if (!given.data && !root.dataset.facts) { facts.broken(model.words.broken); }
    jump(linked() || 0);
    root.dataset.replaying = "true";
    return { jump: jump, place: function () { return place; }, clock: clock, model: model };
  }

  window.alurReplay = { start: start };
}());
