(function () {
  'use strict';
  var svg = document.documentElement, total = +svg.getAttribute('data-total') || 1;
  var wide = svg.viewBox.baseVal.width - 20, charWidth = 7.1;
  var frames = Array.prototype.map.call(document.querySelectorAll('#frames > g'), function (g) {
    var rect = g.children[1], title = g.children[0].textContent;
    var f = { g: g, rect: rect, label: g.children[2], title: title, name: title.slice(0, title.lastIndexOf(' (')),
      x: +rect.getAttribute('x'), w: +rect.getAttribute('width'), y: +rect.getAttribute('y') };
    g.frame = f;
    return f;
  });
  var root = frames[0], zoomed = root, at = null, matcher = null;
  var byId = function (id) { return document.getElementById(id); };
  var details = byId('details'), note = details.textContent;

  function place(f, x, w) {
    f.rect.setAttribute('x', x);
    f.rect.setAttribute('width', Math.max(w, 0.1));
    f.label.setAttribute('x', x + 3);
    var room = Math.floor((w - 4) / charWidth);
    f.label.textContent = room < 3 ? '' : f.name.length <= room ? f.name : f.name.slice(0, room - 2) + '..';
  }
  function zoom(target) {
    zoomed = target;
    var from = target.x, to = target.x + target.w, slack = 0.011, scale = wide / Math.max(target.w, 1e-9);
    var out = target.y === root.y ? 0 : target.y < root.y ? -1 : 1;
    frames.forEach(function (f) {
      var depth = out === 0 ? 0 : (f.y - target.y) * out, covers = f.x <= from + slack && f.x + f.w >= to - slack;
      var isCaller = depth < 0 && covers, isInside = depth >= 0 && f.x >= from - slack && f.x + f.w <= to + slack && (depth > 0 || f === target || out === 0);
      f.g.style.display = isCaller || isInside ? '' : 'none';
      f.g.classList.toggle('up', isCaller);
      if (isCaller) place(f, 10, wide);
      else if (isInside) place(f, 10 + (f.x - from) * scale, f.w * scale);
    });
    byId('reset').style.display = target === root ? 'none' : '';
  }
  function search(pattern) {
    matcher = null;
    if (pattern) {
      try { matcher = new RegExp(pattern); } catch (e) { matcher = new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')); }
    }
    var hits = [];
    frames.forEach(function (f) {
      var hit = !!matcher && f !== root && matcher.test(f.name);
      f.g.classList.toggle('hit', hit);
      if (hit) hits.push(f);
    });
    // A match below a match is counted with it.
    hits.sort(function (a, b) { return a.x - b.x || b.w - a.w; });
    var sum = 0, end = -1;
    hits.forEach(function (f) { if (f.x + 1e-6 >= end) { sum += f.w; end = f.x + f.w; } });
    byId('matched').textContent = matcher ? 'Matched: ' + (100 * sum / wide).toFixed(1) + '% in ' + hits.length + ' frames' : '';
    byId('search').textContent = matcher ? 'Clear search' : 'Search (/)';
  }
  function select(f) {
    if (!f) return;
    if (at) at.g.classList.remove('at');
    at = f;
    f.g.classList.add('at');
    details.textContent = f.title;
  }
  function near(f, step) {
    var row = frames.filter(function (o) { return o.y === f.y && o.g.style.display !== 'none'; });
    row.sort(function (a, b) { return a.x - b.x; });
    return row[row.indexOf(f) + step];
  }
  function level(f, up) {
    var grows = frames.length > 1 && frames.some(function (o) { return o.y < root.y; }) ? -16 : 16;
    var y = f.y + (up ? grows : -grows), best = null;
    frames.forEach(function (o) {
      if (o.y !== y || o.g.style.display === 'none') return;
      var fits = up ? o.x >= f.x - 0.011 && o.x + o.w <= f.x + f.w + 0.011 : o.x <= f.x + 0.011 && o.x + o.w >= f.x + f.w - 0.011;
      if (fits && (!best || o.w > best.w)) best = o;
    });
    return best;
  }
  function ask() {
    if (byId('query')) return byId('query').focus();
    var holder = document.createElementNS('http://www.w3.org/2000/svg', 'foreignObject');
    holder.setAttribute('x', svg.viewBox.baseVal.width - 250);
    holder.setAttribute('y', 24);
    holder.setAttribute('width', 240);
    holder.setAttribute('height', 24);
    var input = document.createElementNS('http://www.w3.org/1999/xhtml', 'input');
    input.id = 'query';
    input.setAttribute('placeholder', 'regular expression, Enter');
    input.setAttribute('style', 'width:230px;box-sizing:border-box');
    input.addEventListener('keydown', function (e) {
      e.stopPropagation();
      if (e.key === 'Enter') search(input.value);
      if (e.key === 'Enter' || e.key === 'Escape') holder.remove();
    });
    holder.appendChild(input);
    svg.appendChild(holder);
    input.focus();
  }
  function frameOf(e) {
    var g = e.target.closest && e.target.closest('g.f');
    return g && g.frame;
  }
  svg.addEventListener('click', function (e) {
    var f = frameOf(e);
    if (f) { select(f); zoom(f); }
    else if (e.target.id === 'reset') zoom(root);
    else if (e.target.id === 'search') { if (matcher) search(''); else ask(); }
  });
  svg.addEventListener('mouseover', function (e) { var f = frameOf(e); details.textContent = f ? f.title : note; });
  window.addEventListener('keydown', function (e) {
    if ((e.ctrlKey && e.key === 'f') || e.key === '/') { e.preventDefault(); ask(); }
    else if (e.key === 'Escape') { zoom(root); search(''); }
    else if (e.key === 'Enter' && at) zoom(at);
    else if (e.key === 'ArrowUp' || e.key === 'ArrowDown') { e.preventDefault(); select(at ? level(at, (e.key === 'ArrowUp') === (frames.some(function (o) { return o.y < root.y; }))) : root); }
    else if (e.key === 'ArrowLeft') select(at && near(at, -1));
    else if (e.key === 'ArrowRight') select(at && near(at, 1));
  });
  window.flame = { frames: frames, search: search, zoom: zoom, zoomed: function () { return zoomed.name; } };
})();
