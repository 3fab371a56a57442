// Tokens on their way along the flows that an event took, at a share of the way. Who wants less motion sees none.
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";

  // Flows that follow each other are one way; others are walked at the same time.
  function ways(drawn, ids) {
    const found = [];
    ids.forEach(function (id) {
      const flow = drawn.registry.get(id);
      if (!flow || !flow.waypoints) { return; }
      const before = found.find(function (way) { return way.end === flow.source.id; });
      if (before) {
        before.points = before.points.concat(flow.waypoints);
        before.end = flow.target.id;
      } else {
        found.push({ points: flow.waypoints.slice(), end: flow.target.id });
      }
    });
    return found;
  }

  function clear(drawn) { if (drawn) { drawn.moving.replaceChildren(); } }

  function begin(drawn, ids) {
    clear(drawn);
    return ways(drawn, ids).map(function (way) {
      const token = document.createElementNS(SVG, "circle");
      token.setAttribute("r", "9");
      drawn.moving.appendChild(token);
      return { points: way.points, token: token };
    });
  }

  function show(walks, share) {
    walks.forEach(function (walk) {
      const at = window.alurWaypoints.pointAt(walk.points, share);
      walk.token.setAttribute("cx", at.x);
      walk.token.setAttribute("cy", at.y);
    });
  }

  window.alurReplayMotion = { begin: begin, show: show, clear: clear };
}());
