// A letter or a mail beside its proof: what is typed saves itself, and a moment later the proof shows it.
(function () {
  "use strict";

  const PAUSE = 900;

  const place = document.querySelector("[data-papers]");
  const field = document.getElementById("paper-text");
  if (!place || !field || !window.alurDraft) { return; }
  const papers = JSON.parse(place.dataset.papers);
  const words = papers.words;
  const status = place.querySelector("[data-proof-status]");
  const fault = place.querySelector("[data-proof-fault]");
  const pages = place.querySelector("[data-proof-pages]");
  const chosen = document.getElementById("paper-case");
  const handle = window.alurDraft.open(field.dataset.path);
  let timer = null;
  let asked = 0;

  function token() {
    return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRF-Token"] || "";
  }

  function show(text) { field.value = text; prove(); }

  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(prove, PAUSE);
  }

  // Only the newest answer counts: an older proof may be slower than the one after it.
  function prove() {
    window.clearTimeout(timer);
    const mine = asked += 1;
    status.textContent = words.drawing;
    fetch(papers.proof + "?kasus=" + encodeURIComponent(chosen.value), {
      method: "POST",
      body: field.value,
      credentials: "same-origin",
      headers: { "X-CSRF-Token": token(), "Content-Type": "text/plain; charset=utf-8", Accept: "application/json" }
    }).then(function (answer) {
      if (!answer.ok) { throw new Error("status " + answer.status); }
      return answer.json();
    }).then(function (proof) {
      if (mine !== asked) { return; }
      tell(proof);
    }).catch(function () {
      if (mine === asked) { status.textContent = words.failed; }
    });
  }

  function tell(proof) {
    status.textContent = proof.fault ? "" : proof.origin || words.ready;
    fault.replaceChildren();
    if (proof.fault) { fault.append(wrong(proof)); return; }  // what was shown last stays: it helps to find the fault
    if (pages && proof.pages) { draw(proof); }
    ["id", "en"].forEach(function (locale) { if (proof[locale]) { fill(locale, proof[locale]); } });
  }

  function wrong(proof) {
    const box = document.createElement("div");
    box.className = "notice notice-bad";
    box.setAttribute("role", "alert");
    const sentence = document.createElement("p");
    sentence.textContent = proof.fault;
    box.append(sentence);
    if (proof.line) {
      const jump = document.createElement("button");
      jump.type = "button";
      jump.className = "btn btn-link";
      jump.textContent = words.to_line.replace("{line}", proof.line);
      jump.addEventListener("click", function () { goTo(proof.line); });
      sentence.append(" ", jump);
    }
    return box;
  }

  function goTo(line) {
    const lines = field.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[line - 1] || "").length);
    field.scrollTop = Math.max(0, (line - 4) * field.scrollHeight / Math.max(lines.length, 1));
  }

  function draw(proof) {
    pages.replaceChildren.apply(pages, proof.pages.map(function (source, index) {
      const picture = document.createElement("img");
      picture.className = "proof-page";
      picture.src = source;
      picture.alt = words.page.replace("{n}", index + 1).replace("{total}", proof.total);
      return picture;
    }));
  }

  function fill(locale, mail) {
    const box = place.querySelector('[data-proof-mail="' + locale + '"]');
    box.hidden = false;
    box.querySelector(".proof-subject").textContent = mail.subject;
    box.querySelector(".proof-html").srcdoc = mail.html;
    box.querySelector(".proof-text").textContent = mail.text;
  }

  function list(found) {
    const place = document.querySelector("[data-findings]");
    const own = found.filter(function (finding) { return finding.file === place.dataset.findings; });
    const lines = own.map(function (finding) {
      const line = document.createElement("li");
      const strong = document.createElement("strong");
      strong.textContent = finding.severity_text + ": ";
      line.append(strong, finding.reason + " " + finding.cure);
      return line;
    });
    if (!lines.length) {
      const none = document.createElement("li");
      none.className = "soft";
      none.textContent = words.no_findings;
      lines.push(none);
    }
    place.replaceChildren.apply(place, lines);
  }

  handle.load().then(function (text) { if (text !== field.value) { show(text); } });
  handle.onreload(show);
  field.addEventListener("input", function () {
    handle.save(field.value);
    later();
  });
  chosen.addEventListener("change", prove);
  document.addEventListener("alur:findings", function (event) { list(event.detail); });
  window.alurDraft.findings();
}());
