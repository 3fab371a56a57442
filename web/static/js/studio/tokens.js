// Lets the tokens of the last step walk along the flows that they took, once, when the drawing is there.
//
// The page says the same in words; whoever wants less motion sees only where the tokens stand.
(function () {
  "use strict";

  const PACE = 0.45; // drawing units per millisecond
  const LEAST = 250;
  const MOST = 9000;
  const SVG = "http://www.w3.org/2000/svg";
  const lengthOf = window.alurWaypoints.lengthOf;
  const pointAt = window.alurWaypoints.pointAt;

  function walk(layer, points, hurry, done) {
    const token = document.createElementNS(SVG, "circle");
    const span = Math.max(LEAST, lengthOf(points) / PACE) * hurry;
    let start = null;
    token.setAttribute("r", "9");
    token.setAttribute("class", "token");
    layer.appendChild(token);
    function frame(now) {
      if (start === null) { start = now; }
      const share = Math.min(1, (now - start) / span);
      const at = pointAt(points, share);
      token.setAttribute("cx", at.x);
      token.setAttribute("cy", at.y);
      if (share < 1) { window.requestAnimationFrame(frame); return; }
      token.remove();
      done();
    }
    window.requestAnimationFrame(frame);
  }

  // A token is followed where it leaves what is seen of the drawing.
  function follow(drawn, points) {
    const box = drawn.canvas.viewbox();
    const end = points[points.length - 1];
    const seen = points.every(function (point) {
      return point.x > box.x && point.x < box.x + box.width && point.y > box.y && point.y < box.y + box.height;
    });
    if (seen) { return; }
    drawn.canvas.viewbox({ x: end.x - box.width / 2, y: end.y - box.height / 2, width: box.width, height: box.height });
  }

  function play(drawn, ids) {
    const paths = ids.map(function (id) { return drawn.registry.get(id); }).filter(function (flow) { return flow && flow.waypoints; })
      .map(function (flow) { return flow.waypoints; });
    if (!paths.length) { return; }
    const layer = drawn.canvas.getLayer("tokens", 10);
    drawn.figure.scrollIntoView({ block: "nearest" });
    const whole = paths.reduce(function (sum, points) { return sum + Math.max(LEAST, lengthOf(points) / PACE); }, 0);
    const hurry = Math.min(1, MOST / whole);
    (function next(number) {
      if (number === paths.length) { return; }
      follow(drawn, paths[number]);
      walk(layer, paths[number], hurry, function () { next(number + 1); });
    }(0));
  }

  document.addEventListener("alur:drawn", function (event) {
    const holder = event.target.closest("[data-tokens]");
    const ids = holder && holder.dataset.tokens ? holder.dataset.tokens.split(" ") : [];
    if (!ids.length || window.matchMedia("(prefers-reduced-motion: reduce)").matches) { return; }
    play(event.detail, ids);
  });
}());
