// The row of buttons over the canvas, the names the canvas and its palette have for screen readers, the palette's keys,
// and touch. Everything here has a key as well; the list of keys stands in the page.
(function () {
  "use strict";

  function named(canvasBox, settings) {
    const svg = canvasBox.querySelector("svg[tabindex]") || canvasBox.querySelector("svg");
    svg.setAttribute("role", "application");
    svg.setAttribute("aria-label", settings.label);
    svg.setAttribute("aria-describedby", "editor-hint");
    const results = canvasBox.querySelector(".djs-search-results");
    if (results) {
      results.tabIndex = 0;
      results.setAttribute("role", "group");
      results.setAttribute("aria-label", settings.found_here);
    }
  }

  // bpmn-js makes its palette for the mouse: here its entries take the focus, one tab stop, arrows between them.
  function palette(canvasBox, words) {
    const bar = canvasBox.querySelector(".djs-palette");
    if (!bar) { return; }
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", words.palette);
    bar.setAttribute("aria-orientation", "vertical");
    const entries = Array.from(bar.querySelectorAll(".entry"));
    entries.forEach(function (entry, index) { entry.tabIndex = index === 0 ? 0 : -1; });
    bar.addEventListener("keydown", function (event) {
      const at = entries.indexOf(event.target);
      if (at < 0) { return; }
      const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (by) {
        const next = entries[(at + by + entries.length) % entries.length];
        entries.forEach(function (entry) { entry.tabIndex = entry === next ? 0 : -1; });
        next.focus();
      } else if (event.key === "Enter" || event.key === " ") {
        event.target.click();
      } else {
        return;
      }
      event.preventDefault();
    });
  }

  function history(editor, page) {
    const stack = editor.modeler.get("commandStack");
    const undo = page.querySelector("[data-do=undo]"), redo = page.querySelector("[data-do=redo]");
    function show() {
      undo.setAttribute("aria-disabled", String(!stack.canUndo()));
      redo.setAttribute("aria-disabled", String(!stack.canRedo()));
    }
    editor.modeler.on(["commandStack.changed", "import.done"], show);
    show();
  }

  function chosen(editor, button) {
    const actions = editor.modeler.get("editorActions", false);
    const acts = {
      undo: function () { actions.trigger("undo"); },
      redo: function () { actions.trigger("redo"); },
      "in": function () { editor.zoom(1.25); },
      out: function () { editor.zoom(0.8); },
      fit: editor.fit,
      find: function () { editor.modeler.get("searchPad").toggle(); },
      map: function () { editor.modeler.get("minimap").toggle(); },
      keys: editor.help,
      create: function () { editor.keys.create(); },
      act: function () { editor.keys.act(); }
    };
    if (button.getAttribute("aria-disabled") !== "true") { acts[button.dataset.do](); }
  }

  // The menus of diagram-js say in English how many entries fit: that line is hidden, and the count said here.
  function counts(editor, sentence) {
    const watch = new MutationObserver(function () {
      const menu = document.querySelector(".djs-popup");
      if (menu && menu.querySelector("input") && menu.querySelector("input").value) {
        editor.announce(sentence.replace("{count}", String(menu.querySelectorAll(".entry").length)));
      }
    });
    editor.modeler.on("popupMenu.opened", function () {
      const menu = document.querySelector(".djs-popup");
      if (menu) { watch.observe(menu, { childList: true, subtree: true }); }
    });
    editor.modeler.on("popupMenu.close", function () { watch.disconnect(); });
  }

  window.alurEditorTools = function (editor, page) {
    const canvasBox = document.getElementById("canvas");
    const words = editor.words.say;
    named(canvasBox, words);
    if (editor.editable) { palette(canvasBox, words); history(editor, page); counts(editor, words.found); }
    page.querySelector("[data-editor-tools]").addEventListener("click", function (event) {
      const button = event.target.closest("[data-do]");
      if (button) { event.stopPropagation(); chosen(editor, button); }
    });
    document.querySelector("[data-editor-help-close]").addEventListener("click", function (event) { event.target.closest("dialog").close(); });
    window.alurTouch(canvasBox, editor.modeler.get("canvas"));
  };
}());
