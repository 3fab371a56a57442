// diagram-js has no touch module. One finger moves the drawing sideways (up and down stays the page's own scrolling),
// two fingers move and zoom it.
(function () {
  "use strict";

  function otherThan(fingers, id) {
    return Array.from(fingers).filter(function (finger) { return finger[0] !== id; })[0][1];
  }

  function pinch(canvas, canvasBox, still, old, now) {
    const before = Math.hypot(old[0] - still[0], old[1] - still[1]) || 1;
    const after = Math.hypot(now[0] - still[0], now[1] - still[1]);
    const box = canvasBox.getBoundingClientRect();
    const middle = { x: (now[0] + still[0]) / 2 - box.left, y: (now[1] + still[1]) / 2 - box.top };
    canvas.scroll({ dx: (now[0] - old[0]) / 2, dy: (now[1] - old[1]) / 2 });
    canvas.zoom(Math.min(4, Math.max(0.1, canvas.zoom() * after / before)), middle);
  }

  window.alurTouch = function (canvasBox, canvas) {
    const fingers = new Map();
    canvasBox.addEventListener("pointerdown", function (event) {
      if (event.pointerType !== "mouse") { fingers.set(event.pointerId, [event.clientX, event.clientY]); }
    });
    canvasBox.addEventListener("pointermove", function (event) {
      const old = fingers.get(event.pointerId);
      if (!old) { return; }
      const now = [event.clientX, event.clientY];
      if (fingers.size === 1) {
        canvas.scroll({ dx: now[0] - old[0], dy: now[1] - old[1] });
      } else if (fingers.size === 2) {
        pinch(canvas, canvasBox, otherThan(fingers, event.pointerId), old, now);
      }
      fingers.set(event.pointerId, now);
    });
    ["pointerup", "pointercancel", "pointerleave"].forEach(function (kind) {
      canvasBox.addEventListener(kind, function (event) { fingers.delete(event.pointerId); });
    });
  };
}());
