// Where a token is on its way along a drawn flow.
(function () {
  "use strict";

  function lengthOf(points) {
    let total = 0;
    for (let i = 1; i < points.length; i += 1) { total += Math.hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y); }
    return total;
  }

  function pointAt(points, share) {
    let left = lengthOf(points) * share;
    for (let i = 1; i < points.length; i += 1) {
      const piece = Math.hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
      if (piece >= left && piece > 0) {
        const part = left / piece;
        return { x: points[i - 1].x + (points[i].x - points[i - 1].x) * part, y: points[i - 1].y + (points[i].y - points[i - 1].y) * part };
      }
      left -= piece;
    }
    return points[points.length - 1];
  }

  window.alurWaypoints = { lengthOf: lengthOf, pointAt: pointAt };
}());
