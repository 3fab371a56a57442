// Where the events lie on the slider: by their number, by the time with long pauses drawn together, or by true time.
(function () {
  "use strict";

  const MINUTE = 60000;
  const LEAST = 0.2;

  // A pause of a minute stays what it is; one of a month is drawn about ten times as long as one of a minute.
  const pauses = {
    events: function () { return 1; },
    packed: function (pause) { return pause > 0 ? LEAST + Math.log2(1 + pause / MINUTE) : 0; },
    time: function (pause) { return Math.max(0, pause); }
  };

  function make(events, kind) {
    const sums = [0];
    for (let i = 1; i < events.length; i += 1) {
      sums.push(sums[i - 1] + pauses[kind](events[i].at - events[i - 1].at));
    }
    const whole = sums[sums.length - 1] || 1;
    const shares = sums.map(function (sum) { return sum / whole; });
    return {
      kind: kind,
      shares: shares,
      // The last event at or before this share, and the instant that it stands for.
      find: function (share) {
        let low = 0;
        let high = shares.length - 1;
        while (low < high) {
          const middle = (low + high + 1) >> 1;
          if (shares[middle] <= share + 1e-9) { low = middle; } else { high = middle - 1; }
        }
        if (kind === "events" || low === shares.length - 1) { return { place: low, ms: events[low].at }; }
        const part = (share - shares[low]) / (shares[low + 1] - shares[low] || 1);
        return { place: low, ms: events[low].at + Math.max(0, part) * (events[low + 1].at - events[low].at) };
      },
      // The share of an instant at or after an event.
      share: function (place, ms) {
        if (kind === "events" || place === shares.length - 1) { return shares[place]; }
        const pause = events[place + 1].at - events[place].at;
        const part = pause > 0 ? Math.min(1, Math.max(0, (ms - events[place].at) / pause)) : 0;
        return shares[place] + part * (shares[place + 1] - shares[place]);
      }
    };
  }

  // The marks above the slider: one drawn path for each group, on a strip of 1000 by 10.
  function ticks(axis, events, group) {
    let path = "";
    let last = -1;
    events.forEach(function (event, at) {
      if (event.group !== group) { return; }
      const x = Math.round(axis.shares[at] * 2000) / 2;
      if (x === last) { return; }
      last = x;
      path += "M" + x + " 0v10";
    });
    return path;
  }

  window.alurReplayAxis = { make: make, ticks: ticks };
}());
