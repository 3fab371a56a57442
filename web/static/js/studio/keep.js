// Nothing of a file is lost by editing it. What the model of the editor has no place for (comments, foreign elements
// outside extensionElements, references to nothing, namespaces) is noted when a file is opened, by comparing it with
// what the editor would write of it untouched; every save puts it back where it stood, unless its owner was removed.
(function () {
  "use strict";

  const XMLNS = "http://www.w3.org/2000/xmlns/";
  const XSI = "http://www.w3.org/2001/XMLSchema-instance";
  const COMMENT = 8, INSTRUCTION = 7, ELEMENT = 1;

  function parsed(xml) {
    const found = new DOMParser().parseFromString(xml, "application/xml");
    return found.getElementsByTagName("parsererror").length ? null : found;
  }

  function elements(node) { return Array.from(node.children); }

  function key(element) { return (element.namespaceURI || "") + " " + element.localName; }

  // Children are the same when they carry the same id, else when they are as manieth of their name without one.
  function named(parent) {
    const seen = new Map(), found = new Map();
    elements(parent).forEach(function (child) {
      const id = child.getAttribute("id");
      const count = seen.get(key(child)) || 0;
      if (id === null) { seen.set(key(child), count + 1); }
      found.set(key(child) + (id === null ? " #" + count : " ." + id), child);
    });
    return found;
  }

  function words(element) {
    return Array.from(element.childNodes).filter(function (n) { return n.nodeType === 3 || n.nodeType === 4; })
      .map(function (n) { return n.data; }).join("").trim();
  }

  function notesBeside(node, before) {
    const found = [];
    for (let n = before ? node.previousSibling : node.nextSibling; n; n = before ? n.previousSibling : n.nextSibling) {
      if (n.nodeType === COMMENT || n.nodeType === INSTRUCTION) { found.unshift(n); }
    }
    return before ? found : found.reverse();
  }

  // A loss: how to find its owner (the path of names from the root, ids first), and what it lacks.
  function compare(source, copy, path, losses) {
    Array.from(source.attributes).forEach(function (attribute) {
      if (!copy.hasAttributeNS(attribute.namespaceURI, attribute.localName) &&
          (attribute.namespaceURI !== XMLNS || path.length === 0)) {
        losses.push({ path: path, attribute: attribute });
      }
    });
    if (!source.children.length && words(source) !== words(copy)) { losses.push({ path: path, text: source.textContent }); }
    const known = named(copy), own = named(source);
    const strange = Array.from(known).filter(function (entry) { return !own.has(entry[0]); });
    own.forEach(function (child, name) {
      if (known.has(name)) { compare(child, known.get(name), path.concat([name]), losses); return; }
      // Written under a more general name (`expression` of a type for `formalExpression`): it is to get its own again.
      const at = strange.findIndex(function (entry) { return entry[1].getAttribute("id") === child.getAttribute("id"); });
      if (at < 0) { losses.push({ path: path, child: child, after: before(own, name) }); return; }
      const other = strange.splice(at, 1)[0];
      compare(child, other[1], path.concat([other[0]]), losses);
      losses.push({ path: path.concat([other[0]]), name: child });
    });
    comments(source, own, path, losses);
  }

  function before(own, name) {
    let last = null;
    for (const other of own.keys()) { if (other === name) { return last; } last = other; }
    return last;
  }

  function comments(source, own, path, losses) {
    let last = null;
    const names = new Map(Array.from(own, function (entry) { return [entry[1], entry[0]]; }));
    source.childNodes.forEach(function (node) {
      if (node.nodeType === ELEMENT) { last = names.get(node) || last; }
      if (node.nodeType === COMMENT || node.nodeType === INSTRUCTION) { losses.push({ path: path, child: node, after: last }); }
    });
  }

  function owner(root, ids, path) {
    let place = root;
    for (const name of path) {
      const id = name.indexOf(" .") > 0 ? name.slice(name.indexOf(" .") + 2) : null;
      // An element that was moved to another parent or pool is found by its id wherever it is now.
      place = id === null ? named(place).get(name) : ids.get(name);
      if (!place) { return null; }
    }
    return place;
  }

  function indexed(root) {
    const ids = new Map();
    root.querySelectorAll("[id]").forEach(function (e) { ids.set(key(e) + " ." + e.getAttribute("id"), e); });
    return ids;
  }

  // `last`: what was put beside which neighbour already, so that several stand in their own order.
  function restore(document, root, ids, last, loss) {
    const place = owner(root, ids, loss.path);
    if (!place) { return; }
    if (loss.attribute) {
      if (!place.hasAttributeNS(loss.attribute.namespaceURI, loss.attribute.localName)) {
        place.setAttributeNS(loss.attribute.namespaceURI, loss.attribute.name, loss.attribute.value);
      }
    } else if (loss.name) {
      const right = document.createElementNS(loss.name.namespaceURI, loss.name.nodeName);
      Array.from(place.attributes).filter(function (a) { return a.namespaceURI !== XSI || loss.name.hasAttributeNS(XSI, a.localName); })
        .forEach(function (a) { right.setAttributeNS(a.namespaceURI, a.name, a.value); });
      right.append.apply(right, Array.from(place.childNodes));
      place.replaceWith(right);
    } else if (loss.child) {
      const where = loss.path.join("/") + "/" + loss.after;
      const neighbour = last.get(where) || (loss.after === null ? null : named(place).get(loss.after));
      const child = document.importNode(loss.child, true);
      place.insertBefore(child, neighbour ? neighbour.nextSibling : loss.after === null ? place.firstChild : null);
      last.set(where, child);
    } else if (!place.children.length && !words(place)) {
      place.textContent = loss.text;
    }
  }

  // What `written` (the editor's own copy of the unchanged `source`) lacks; `restored` puts it into a later copy.
  window.alurKeep = function (source, written) {
    const first = parsed(source), copy = parsed(written);
    const losses = [];
    if (first && copy) { compare(first.documentElement, copy.documentElement, [], losses); }
    const head = first ? notesBeside(first.documentElement, true) : [];
    const tail = first ? notesBeside(first.documentElement, false) : [];
    return {
      losses: losses.length + head.length + tail.length,
      restored: function (xml) {
        if (!losses.length && !head.length && !tail.length) { return xml; }
        const document = parsed(xml);
        if (!document) { return xml; }
        const root = document.documentElement, ids = indexed(root), last = new Map();
        losses.forEach(function (loss) { restore(document, root, ids, last, loss); });
        head.forEach(function (note) { document.insertBefore(document.importNode(note, true), root); });
        tail.forEach(function (note) { document.appendChild(document.importNode(note, true)); });
        const text = new XMLSerializer().serializeToString(document).replace(/^<\?xml[^>]*\?>\s*/, "");
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text + "\n";
      }
    };
  };
}());
