// Working time between two instants, of the working hours that the case's calendar had; and in words.
(function () {
  "use strict";

  const DAY = 86400;

  function read(story) {
    const known = {};
    Object.keys(story.calendars || {}).forEach(function (name) {
      let sum = 0;
      const spans = story.calendars[name].map(function (span) { return [span[0], span[1] === null ? Infinity : span[1]]; });
      known[name] = { spans: spans, sums: spans.map(function (span) { const before = sum; sum += span[1] - span[0]; return before; }) };
    });

    // Milliseconds worked until this instant, since the calendar's first span.
    function worked(calendar, ms) {
      let low = -1;
      let high = calendar.spans.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (calendar.spans[middle][0] <= ms) { low = middle; } else { high = middle - 1; }
      }
      if (low < 0) { return 0; }
      const span = calendar.spans[low];
      return calendar.sums[low] + Math.min(ms, span[1]) - span[0];
    }

    // Seconds of work from one instant to another; negative when the other is earlier.
    function between(name, start, end) {
      const calendar = known[name];
      if (!calendar || !calendar.spans.length) { return null; }
      return Math.trunc((worked(calendar, end) - worked(calendar, start)) / 1000);
    }

    return { between: between, text: function (seconds) { return text(seconds, story.words); } };
  }

  function counted(words, one, many, n) { return words[n === 1 ? one : many].replace("{n}", String(n)); }

  // As the server says it: days of work, hours and minutes; minutes only where there are no days.
  function text(seconds, words) {
    const whole = Math.abs(seconds);
    const days = Math.floor(whole / DAY);
    const hours = Math.floor(whole % DAY / 3600);
    const minutes = Math.floor(whole % 3600 / 60);
    const parts = [];
    if (days) { parts.push(counted(words, "day", "days", days)); }
    if (hours) { parts.push(counted(words, "hour", "hours", hours)); }
    if (!days && (minutes || !hours)) { parts.push(counted(words, "minute", "minutes", minutes)); }
    return parts.join(" ");
  }

  window.alurReplayWork = { read: read };
}());
