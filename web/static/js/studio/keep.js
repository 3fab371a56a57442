// Nothing of a file is lost by editing it. What the model of the editor has no place for (comments, foreign elements
// outside extensionElements, references to nothing, namespaces) is noted when a file is opened, by comparing it with
// what the editor would write of it untouched; every save puts it back where it stood, unless its owner was removed.
(function () {
  "use strict";

  const XMLNS = "http://www.w3.org/2000/xmlns/";
  const XSI = "http://www.w3.org/2001/XMLSchema-instance";
  const DI = "http://www.omg.org/spec/BPMN/20100524/DI";
  const COMMENT = 8, INSTRUCTION = 7, ELEMENT = 1, TEXT = 3;

  function parsed(xml) {
    const found = new DOMParser().parseFromString(xml, "application/xml");
    return found.getElementsByTagName("parsererror").length ? null : found;
  }

  function elements(node) { return Array.from(node.children); }

  function key(element) { return (element.namespaceURI || "") + " " + element.localName; }

  // Children are the same when they carry the same id, else when they are as manieth of their name without one. An id
  // that stands twice is a fault of the file; the second is told from the first, so that it is kept.
  function named(parent) {
    const seen = new Map(), found = new Map();
    elements(parent).forEach(function (child) {
      const id = child.getAttribute("id");
      const name = key(child) + (id === null ? " #" : " ." + id);
      const count = seen.get(name) || 0;
      seen.set(name, count + 1);
      found.set(id !== null && count === 0 ? name : name + "#" + count, child);
    });
    return found;
  }

  function words(element) {
    return Array.from(element.childNodes).filter(function (n) { return n.nodeType === TEXT || n.nodeType === 4; })
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
      const was = copy.getAttributeNS(attribute.namespaceURI, attribute.localName);
      if (attribute.namespaceURI === XMLNS ? was === null && path.length === 0 : was !== attribute.value) {
        losses.push({ path: path, attribute: attribute, was: was });
      }
    });
    // The library marks gateways in the drawing as it opens a file; what nobody asked for is taken out again.
    Array.from(source.namespaceURI === DI ? copy.attributes : []).forEach(function (attribute) {
      if (attribute.namespaceURI !== XMLNS && !source.hasAttributeNS(attribute.namespaceURI, attribute.localName)) {
        losses.push({ path: path, added: attribute });
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
      // An element that was moved to another parent or pool is found by its id wherever it is now.
      place = ids.get(name) || named(place).get(name);
      if (!place) { return null; }
    }
    return place;
  }

  function indexed(root) {
    const ids = new Map();
    root.querySelectorAll("[id]").forEach(function (e) {
      const name = key(e) + " ." + e.getAttribute("id");
      if (!ids.has(name)) { ids.set(name, e); }
    });
    return ids;
  }

  // `last`: what was put beside which neighbour already, so that several stand in their own order.
  function restore(document, root, ids, last, loss) {
    const place = owner(root, ids, loss.path);
    if (!place) { return; }
    if (loss.added) {
      if (place.getAttributeNS(loss.added.namespaceURI, loss.added.localName) === loss.added.value) {
        place.removeAttributeNS(loss.added.namespaceURI, loss.added.localName);
      }
    } else if (loss.attribute) {
      // A value that was only spelt otherwise (30.0, a tab) and was not changed since gets its spelling back.
      if (place.getAttributeNS(loss.attribute.namespaceURI, loss.attribute.localName) === loss.was) {
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
      const next = neighbour ? neighbour.nextSibling : loss.after === null ? place.firstChild : null;
      const space = place.firstChild && place.firstChild.nodeType === TEXT && !place.firstChild.data.trim() ? place.firstChild.data : "";
      place.insertBefore(document.createTextNode(space), next);
      place.insertBefore(child, next);
      last.set(where, child);
    } else if (!place.children.length && !words(place)) {
      place.textContent = loss.text;
    }
  }

  function serialized(node) { return new XMLSerializer().serializeToString(node); }

  // What the editor can read of a file: its writer fails on elements that leave every namespace (`xmlns=""`), which
  // stand in extensions of some tools. They come back with everything else.
  function readable(xml) {
    const document = /xmlns\s*=\s*(""|'')/.test(xml) ? parsed(xml) : null;
    if (!document) { return xml; }
    Array.from(document.querySelectorAll("*")).filter(function (e) { return e.namespaceURI === null; })
      .forEach(function (e) { e.remove(); });
    return serialized(document);
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
        // Spaced as the editor writes it, so that a line that did not change stays the same line.
        const body = serialized(root).replace(/(<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>)|(\S)\/>/g, function (_all, verbatim, end) {
          return verbatim || end + " />";
        });
        return ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"].concat(head.map(serialized), [body], tail.map(serialized)).join("\n") + "\n";
      }
    };
  };
  window.alurKeep.readable = readable;
}());
