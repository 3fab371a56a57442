// Runs before the page is drawn: says that scripts work, and follows the reader's light or dark setting.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.replace("no-js", "js");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  dark.addEventListener("change", follow);
  follow();
})();
