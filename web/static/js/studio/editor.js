// The diagram editor of a draft: opens a file, lets it be changed, hands every change to the draft to be saved.
//
//   window.alurEditor = { modeler, handle, path, words, editable, whenReady, open(text), written(), select(id), announce(text), flush() }
(function () {
  "use strict";

  const page = document.querySelector("[data-editor]");
  if (!page) { return; }
  const settings = JSON.parse(page.dataset.editor);
  const words = settings.words;
  const editable = window.alurDraft.page.editable;
  const handle = window.alurDraft.open(settings.path);
  const said = page.querySelector("[data-editor-said]");
  const notices = page.querySelector("[data-editor-notices]");
  const canvasBox = document.getElementById("canvas");
  const PAUSE = 500;
  const READABLE = 0.5;

  const modeler = new window.BpmnJS({
    container: canvasBox,
    moddleExtensions: { spiffworkflow: window.SPIFF_MODDLE },
    keyboardMoveSelection: { moveSpeed: 10, moveSpeedAccelerated: 50 },
    additionalModules: [translation(words.translate), window.DiagramJSMinimap].concat(
      editable ? [window.AlurExtras.CreateAppendAnythingModule] : [], editable ? window.alurEditorModules : []
    )
  });
  let keep = null, timer = null, shown = null, asked = null;

  function translation(given) {
    const missing = new Set();
    window.alurUntranslated = missing;
    return {
      translate: ["value", function (template, values) {
        const known = Object.prototype.hasOwnProperty.call(given, template);
        if (!known) { missing.add(template); }
        return (known ? given[template] : template).replace(/{([^}]+)}/g, function (all, name) {
          return values && name in values ? values[name] : all;
        });
      }]
    };
  }

  function announce(text) { said.textContent = text; }

  function notice(text, kind) {
    const box = document.createElement("p");
    box.className = "notice notice-" + kind;
    box.textContent = text;
    notices.append(box);
    return box;
  }

  // opening -----------------------------------------------------------------------------------------------------------

  function hasLayout(xml) { return /<([\w.-]+:)?BPMNShape[\s>]/.test(xml); }

  function laidOut(xml) {
    const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRF-Token"] || "";
    const headers = { "Content-Type": "application/xml", "X-CSRF-Token": token, Accept: "application/xml" };
    const body = xml.replace(/^(\s*<\?xml[^>]*encoding\s*=\s*["'])[^"']+/, "$1UTF-8");  // what is sent is
    return fetch(settings.layout, { method: "POST", body: body, headers: headers, credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : answer.json().then(function (told) { throw new Error(told.message); });
    });
  }

  function open(text) {
    page.dataset.ready = "opening";
    notices.replaceChildren();
    const drawn = hasLayout(text) || !editable ? Promise.resolve(text) : laidOut(text);
    return drawn.then(function (xml) {
      return modeler.importXML(window.alurKeep.readable(xml)).then(function (result) {
        shown = xml;
        keep = null;
        if (result.warnings.length) { notice(words.say.kept_as_is, "info"); }
        if (xml !== text) { notice(words.say.laid_out, "info"); handle.save(xml); }
        diagrams();
        fit();
        undrawn();
        return editable ? compared() : null;
      }).then(function () { page.dataset.ready = "true"; });
    }).catch(function (error) {
      page.dataset.ready = "failed";
      notice(words.say.cannot_open + " " + error.message, "bad");
      throw error;
    });
  }

  // Before the first change the editor's own copy is compared with the file, so that later copies can be made whole.
  function compared() {
    if (keep) { return Promise.resolve(keep); }
    return modeler.saveXML({ format: true }).then(function (written) {
      keep = keep || window.alurKeep(shown, written.xml);
      return keep;
    });
  }

  // Elements without a shape are kept, but nobody sees them: the whole can be laid out anew.
  function undrawn() {
    const registry = modeler.get("elementRegistry");
    const missing = [];
    (function look(scope) {
      (scope.flowElements || []).forEach(function (element) {
        if (element.$instanceOf("bpmn:FlowNode") && !registry.get(element.id)) { missing.push(element); }
        look(element);
      });
    }).call(null, { flowElements: shownProcesses().flatMap(function (p) { return p.flowElements || []; }) });
    if (!missing.length || !editable) { return; }
    const box = notice(words.say.undrawn.replace("{count}", String(missing.length)), "warn");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-secondary";
    button.textContent = words.say.lay_out;
    button.addEventListener("click", function () {
      written().then(laidOut).then(function (xml) { handle.save(xml); return open(xml); });
    });
    box.append(" ", button);
  }

  // Those in the drawing that is open; a file may hold others.
  function shownProcesses() {
    const root = modeler.get("canvas").getRootElement().businessObject;
    return root.$instanceOf("bpmn:Collaboration")
      ? root.get("participants").map(function (p) { return p.processRef; }).filter(Boolean)
      : [root];
  }

  // A file may hold several drawings; the editor shows one at a time.
  function diagrams() {
    const field = page.querySelector("[data-editor-diagrams]");
    const all = modeler.getDefinitions().diagrams.filter(function (d) { return d.plane && d.plane.bpmnElement && !d.plane.bpmnElement.$instanceOf("bpmn:SubProcess"); });
    field.hidden = all.length < 2;
    const select = field.querySelector("select");
    select.replaceChildren.apply(select, all.map(function (d, i) {
      const option = document.createElement("option");
      option.value = d.id;
      option.textContent = d.name || d.plane.bpmnElement.name || words.say.drawing.replace("{number}", String(i + 1));
      return option;
    }));
    select.onchange = function () { flush().then(function () { return modeler.open(select.value); }).then(fit); };
  }

  // saving ------------------------------------------------------------------------------------------------------------

  // The diagram as it stands, as a file that lacks nothing the opened one had.
  function written() {
    return compared().then(function () { return modeler.saveXML({ format: true }); })
      .then(function (made) { return keep.restored(made.xml); });
  }

  function write() {
    window.clearTimeout(timer);
    timer = null;
    asked = written().then(function (text) { handle.save(text); });
    return asked;
  }

  function changed() {
    if (!editable || page.dataset.ready !== "true") { return; }
    window.clearTimeout(timer);
    timer = window.setTimeout(write, PAUSE);
  }

  // Everything typed so far is in the draft's hands (and sent): before a page that works with the draft is opened.
  function flush() {
    const editing = editable && modeler.get("directEditing");
    if (editing && editing.isActive()) { editing.complete(); }
    return (timer ? write() : Promise.resolve(asked)).then(function () { return handle.saveNow(); });
  }

  // looking and choosing ----------------------------------------------------------------------------------------------

  // The whole drawing beside the palette; of one too large to be read then, its beginning.
  function fit() {
    const canvas = modeler.get("canvas"), size = canvas.getSize(), inner = canvas.viewbox().inner;
    const bar = canvasBox.querySelector(".djs-palette");
    const left = bar && bar.offsetParent ? bar.offsetWidth + 40 : 20;
    const scale = Math.min(1, (size.width - left - 20) / inner.width, (size.height - 60) / inner.height);
    if (scale < READABLE) { nearStart(canvas, left); return; }
    canvas.viewbox({ x: inner.x - left / scale, y: inner.y - (size.height / scale - inner.height) / 2, width: size.width / scale, height: size.height / scale });
  }

  function nearStart(canvas, left) {
    const first = window.alurOrder(modeler).find(function (e) { return !e.waypoints; });
    canvas.zoom(0.75);
    if (first) { canvas.scrollToElement(first, { top: 120, left: left + 40, bottom: 120, right: 60 }); }
  }

  function zoom(by) {
    const canvas = modeler.get("canvas");
    canvas.zoom(Math.min(4, Math.max(0.1, canvas.zoom() * by)), "auto");
  }

  function select(id) {
    const element = modeler.get("elementRegistry").get(id);
    if (!element) { announce(words.say.not_drawn.replace("{id}", id)); return false; }
    const canvas = modeler.get("canvas"), root = canvas.findRoot(element);
    if (root && root !== canvas.getRootElement()) { canvas.setRootElement(root); }
    if (element === root) { modeler.get("selection").select(null); return true; }
    canvas.scrollToElement(element, { top: 80, bottom: 80, left: 120, right: 80 });
    modeler.get("selection").select(element);
    return true;
  }

  function described(element) {
    const sentence = [window.alurCalled(element, words.types)];
    const lane = (element.businessObject.lanes || [])[0];
    if (lane && lane.name) { sentence.push(words.say.in_lane.replace("{name}", lane.name)); }
    if (element.businessObject.$instanceOf("bpmn:FlowNode")) {
      sentence.push(words.say.flows.replace("{in}", element.incoming.length).replace("{out}", element.outgoing.length));
    }
    return sentence.join(". ");
  }

  function toPanel() {
    const field = document.querySelector("#panel input:not([type=hidden]), #panel select, #panel textarea, #panel button");
    if (!field) { return undefined; }
    field.focus();
    return true;
  }

  modeler.on("selection.changed", function (event) {
    const chosen = event.newSelection;
    if (chosen.length === 1) { announce(described(chosen[0].labelTarget || chosen[0])); }
    if (chosen.length > 1) { announce(words.say.selected.replace("{count}", String(chosen.length))); }
  });
  modeler.on("commandStack.changed", changed);
  // Capturing: before the draft sends what it has.
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && timer) { write(); }
  }, true);
  window.addEventListener("resize", function () { modeler.get("canvas").resized(); });
  modeler.on("directEditing.activate", function () {
    const field = canvasBox.querySelector(".djs-direct-editing-content");
    if (field) { field.setAttribute("role", "textbox"); field.setAttribute("aria-multiline", "true"); field.setAttribute("aria-label", words.say.name); }
  });
  // Another tool for this draft begins with what stands here: a link waits until it is sent.
  document.addEventListener("click", function (event) {
    const link = event.target.closest("main a[href]");
    const unsent = timer || ["dirty", "saving"].indexOf(handle.state) >= 0;
    if (!link || link.target || !unsent || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) { return; }
    if (link.getAttribute("href").charAt(0) === "#" || link.origin !== window.location.origin) { return; }
    event.preventDefault();
    const go = function () { window.location.assign(link.href); };
    flush().then(go, go);
  });
  const panel = document.getElementById("panel");
  panel.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !event.defaultPrevented) { modeler.get("canvas").focus(); }
  });

  const help = document.querySelector("[data-editor-help]");
  const editor = window.alurEditor = {
    modeler: modeler, handle: handle, path: settings.path, words: words, editable: editable,
    open: open, written: written, select: select, announce: announce, flush: flush, fit: fit, zoom: zoom, toPanel: toPanel,
    help: function () { help.showModal(); }
  };
  handle.onreload(open);
  editor.whenReady = handle.load().then(open).then(function () {
    editor.keys = window.alurEditorKeys(editor);
    window.alurEditorTools(editor, page);
    window.alurEditorOutline(editor);
    return editor;
  });
  editor.whenReady.catch(function () { /* said in the page */ });
}());
