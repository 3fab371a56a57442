// A form-js file as a tree: read, changed in place, written again. What the builder does not know stays as it is.
//
// A place is a list of positions: [] is the form itself, [2, 0] the first component of the third.
(function () {
  "use strict";

  const CONTAINERS = ["group", "dynamiclist"];
  const PREFIX = "alur:";
  // Properties that translate an attribute carry no prefix in our packages; the others do.
  const BARE = /^(title|notes_from|hidden)$|^(label|description|text|title)_en$/;

  function parse(text) {
    const found = JSON.parse(text);
    if (!found || typeof found !== "object" || !Array.isArray(found.components)) { throw new Error("components"); }
    return found;
  }

  function write(form) { return JSON.stringify(form, null, 2) + "\n"; }

  function isContainer(component) { return CONTAINERS.includes(component.type); }

  function children(component) {
    if (!Array.isArray(component.components)) { component.components = []; }
    return component.components;
  }

  function at(form, place) {
    return place.reduce(function (component, index) { return component && (component.components || [])[index]; }, form);
  }

  function parentOf(form, place) { return at(form, place.slice(0, -1)); }

  // Every component with its place, from the top down.
  function walk(form) {
    const found = [];
    (function into(component, place) {
      (component.components || []).forEach(function (child, index) {
        found.push({ component: child, place: place.concat(index) });
        if (isContainer(child)) { into(child, place.concat(index)); }
      });
    }(form, []));
    return found;
  }

  // validate.required, properties.label_en, label: an attribute, or one level down.
  function get(component, path) {
    const parts = path.split(".");
    if (parts.length === 1) { return component[path]; }
    const holder = component[parts[0]];
    if (!holder || typeof holder !== "object") { return undefined; }
    return parts[0] === "properties" ? holder[known(holder, parts[1])] : holder[parts[1]];
  }

  function known(properties, name) {
    if (PREFIX + name in properties) { return PREFIX + name; }
    return name in properties || BARE.test(name) ? name : PREFIX + name;
  }

  // `undefined` takes the answer out of the file, and its holder with it when nothing else stands there.
  function set(component, path, value) {
    const parts = path.split(".");
    if (parts.length === 1) {
      if (value === undefined) { delete component[path]; } else { component[path] = value; }
      return;
    }
    let holder = component[parts[0]];
    if (!holder || typeof holder !== "object") {
      if (value === undefined) { return; }
      holder = component[parts[0]] = {};
    }
    const name = parts[0] === "properties" ? known(holder, parts[1]) : parts[1];
    if (value === undefined) { delete holder[name]; } else { holder[name] = value; }
    if (!Object.keys(holder).length) { delete component[parts[0]]; }
  }

  // Which kind of the palette it is: by its domain first, then by its type.
  function kindOf(component, kinds) {
    const domain = get(component, "properties.type") || get(component, "properties.source");
    if (domain && domain !== "document" && kinds.includes(domain)) { return domain; }
    return component.type;
  }

  function nameOf(component) { return isContainer(component) ? component.path : component.key; }

  // A name that no other component has, so that two never fill the same.
  function freshName(form, base) {
    const taken = walk(form).map(function (one) { return nameOf(one.component); });
    let name = base, number = 2;
    while (taken.includes(name)) { name = base + "_" + number; number += 1; }
    return name;
  }

  function freshId(form, base) {
    const taken = walk(form).map(function (one) { return one.component.id; });
    let ident = base, number = 2;
    while (taken.includes(ident)) { ident = base + "_" + number; number += 1; }
    return ident;
  }

  // A new component of a kind, with a name and an id of its own.
  function fresh(form, kind) {
    const made = JSON.parse(JSON.stringify(kind.piece));
    const name = kind.key ? freshName(form, kind.key) : null;
    const begin = { type: made.type, id: freshId(form, (form.id || "form") + "_" + (name || made.type)) };
    if (name) { begin[isContainer(made) ? "path" : "key"] = name; }
    return Object.assign(begin, made);
  }

  // A copy, with everything in it called anew.
  function copyOf(form, component) {
    const made = JSON.parse(JSON.stringify(component));
    (function rename(one, top) {
      const attribute = isContainer(one) ? "path" : "key";
      if (top && one[attribute]) { one[attribute] = freshName(form, one[attribute]); }
      if (one.id) { one.id = freshId(form, one.id); }
      (one.components || []).forEach(function (child) { rename(child, false); });
    }(made, true));
    return made;
  }

  function insert(form, place, component) { children(parentOf(form, place)).splice(place[place.length - 1], 0, component); }

  function remove(form, place) { return children(parentOf(form, place)).splice(place[place.length - 1], 1)[0]; }

  function inside(place, other) { return place.every(function (index, depth) { return other[depth] === index; }); }

  // Moves what stands at `from` before what stands at `to`; the new place, or null where it cannot go.
  function move(form, from, to) {
    if (!from.length || inside(from, to)) { return null; }
    const goal = to.slice(), depth = from.length - 1;
    const component = remove(form, from);
    // What stood behind it in the same list has come up by one.
    if (goal.length > depth && inside(from.slice(0, depth), goal) && goal[depth] > from[depth]) { goal[depth] -= 1; }
    insert(form, goal, component);
    return goal;
  }

  // One step up or down, into the container before it, or out of its own; null where there is no such step.
  function step(form, place, way) {
    const last = place[place.length - 1], rest = place.slice(0, -1);
    const siblings = (parentOf(form, place).components || []).length;
    const behind = rest.length ? rest.slice(0, -1).concat(rest[rest.length - 1] + 1) : null;
    if (way === "up" && last > 0) { return move(form, place, rest.concat(last - 1)); }
    if (way === "down" && last < siblings - 1) { return move(form, place, rest.concat(last + 2)); }
    if (way === "up") { return rest.length ? move(form, place, rest) : null; }
    if (way !== "in") { return behind ? move(form, place, behind) : null; }
    const before = last > 0 ? at(form, rest.concat(last - 1)) : null;
    return before && isContainer(before) ? move(form, place, rest.concat(last - 1, children(before).length)) : null;
  }

  // The fields above a place that share its record: what its conditions may look at.
  function above(form, place) {
    const found = [];
    let stopped = false;
    (function into(component, at_) {
      (component.components || []).forEach(function (child, index) {
        const here = at_.concat(index);
        if (stopped) { return; }
        if (String(here) === String(place)) { stopped = true; return; }
        if (isContainer(child)) {
          const holds = inside(here, place);
          if (!child.path || holds) { into(child, here); }
        } else if (child.key) { found.push(child); }
      });
    }(form, []));
    return found;
  }

  const COMPUTED = ["required_when", "earliest", "latest", "check", "check2", "check3"];

  // A name in an expression, but not inside a quoted text and not as the field of a record.
  function renamedIn(source, before, after) {
    const token = new RegExp("'(?:\\\\.|[^'\\\\])*'|\"(?:\\\\.|[^\"\\\\])*\"|(?<![\\w.])" + before + "(?!\\w)", "g");
    return source.replace(token, function (found) { return found === before ? after : found; });
  }

  // Whatever in the form reads a field by its old name reads it by its new one; answers how many places did.
  function rename(form, before, after) {
    let count = 0;
    function change(component, path, put) {
      const value = get(component, path);
      const now = typeof value === "string" ? put(value) : value;
      if (now !== value) { set(component, path, now); count += 1; }
    }
    function plain(value) { return renamedIn(value, before, after); }
    function inWords(value) { return value.replace(/\{\{[^]*?\}\}/g, plain); }
    walk(form).forEach(function (one) {
      ["conditional.hide", "valuesExpression"].concat(COMPUTED.map(function (name) { return "properties." + name; }))
        .forEach(function (path) { change(one.component, path, plain); });
      ["text", "properties.text_en"].forEach(function (path) { change(one.component, path, inWords); });
      (Array.isArray(one.component.values) ? one.component.values : []).forEach(function (option) { change(option, "hide", plain); });
    });
    return count;
  }

  window.alurFormModel = {
    parse: parse, write: write, at: at, walk: walk, get: get, set: set, kindOf: kindOf, nameOf: nameOf,
    isContainer: isContainer, fresh: fresh, copyOf: copyOf, insert: insert, remove: remove, move: move, step: step,
    above: above, rename: rename, inside: inside, children: children
  };
}());
