// A recorded case as it was at any of its events: the fold of the events up to there, begun at the nearest snapshot.
//
// Nothing here knows the page. An event's number `n` counts from 1, its place in the list from 0.
(function () {
  "use strict";

  const EVERY = 128;

  function nothing() {
    return { tokens: new Map(), around: new Map(), done: new Map(), flows: new Set(), version: 0 };
  }

  function copy(state) {
    return {
      tokens: new Map(state.tokens),
      around: new Map(state.around),
      done: new Map(state.done),
      flows: new Set(state.flows),
      version: state.version
    };
  }

  function leave(state, event, id) {
    const left = (state.tokens.get(id) || 0) - 1;
    if (left > 0) { state.tokens.set(id, left); } else { state.tokens.delete(id); state.around.delete(id); }
    if (event.kind === "case:migrated") { return; }
    const before = state.done.get(id) || { times: 0, who: null, at: 0, cancelled: false };
    const cancelled = event.kind.endsWith(":cancelled");
    state.done.set(id, {
      times: before.times + (cancelled ? 0 : 1),
      who: before.who,
      at: event.at,
      cancelled: cancelled && before.times === 0
    });
  }

  // Who did a step is told by the deed itself; that its token left, by what followed.
  function remember(state, event) {
    if (event.group !== "person" || !event.element || !event.who || !event.kind.endsWith(":completed")) { return; }
    const before = state.done.get(event.element) || { times: 0, at: event.at, cancelled: false };
    state.done.set(event.element, { times: before.times, who: event.who, at: event.at, cancelled: false });
  }

  // What was done stays done in the version that a case is moved to, under the name that it has there.
  function move(state, event, elements) {
    const renamed = event.renamed || {};
    const done = new Map();
    state.done.forEach(function (value, id) {
      const name = renamed[id] || id;
      if (elements[name]) { done.set(name, value); }
    });
    state.done = done;
    state.version = event.version;
  }

  function step(state, event, versions) {
    const version = event.version || 0;
    (event.off || []).forEach(function (id) { leave(state, event, id); });
    if (version !== state.version) { move(state, event, versions[version].elements); }
    remember(state, event);
    (event.on || []).forEach(function (id) {
      state.tokens.set(id, (state.tokens.get(id) || 0) + 1);
      state.around.set(id, event.in || []);
    });
    (event.flows || []).forEach(function (id) { state.flows.add(id); });
    return state;
  }

  function snapshots(events, versions) {
    const kept = [];
    const state = nothing();
    state.version = events.length ? events[0].version || 0 : 0;
    events.forEach(function (event, at) {
      if (at % EVERY === 0) { kept.push(copy(state)); }
      step(state, event, versions);
    });
    return kept;
  }

  function places(events, wanted) {
    const found = [];
    events.forEach(function (event, at) { if (wanted(event)) { found.push(at); } });
    return found;
  }

  function after(found, at) { return found.find(function (place) { return place > at; }); }

  function before(found, at) {
    let last;
    for (let i = 0; i < found.length && found[i] < at; i += 1) { last = found[i]; }
    return last;
  }

  function standing(n) { return function (thing) { return thing.from <= n && !(thing.until && thing.until <= n); }; }

  function read(story) {
    const events = story.events;
    const kept = snapshots(events, story.versions);
    const deeds = places(events, function (event) { return event.group === "person" || event.group === "intervention"; });
    const interventions = places(events, function (event) { return event.group === "intervention"; });
    return {
      story: story,
      events: events,
      last: events.length - 1,
      at: function (place) {
        const nearest = Math.floor(place / EVERY);
        const state = copy(kept[nearest]);
        for (let i = nearest * EVERY; i <= place; i += 1) { step(state, events[i], story.versions); }
        return state;
      },
      place: function (n) { return Math.min(events.length, Math.max(1, n)) - 1; },
      element: function (state, id) { return story.versions[state.version].elements[id]; },
      person: function (id) { return id ? story.people[id] || id : ""; },
      nextDeed: function (at) { return after(deeds, at); },
      deedBefore: function (at) { return before(deeds, at); },
      intervention: function (at) { return interventions.indexOf(at) >= 0; },
      documents: function (n) { return (story.documents || []).filter(standing(n)); },
      deadlines: function (n) { return (story.deadlines || []).filter(standing(n)); }
    };
  }

  window.alurReplayStory = { read: read };
}());
