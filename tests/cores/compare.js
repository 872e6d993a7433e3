#!/usr/bin/env node
'use strict';
// Compares two heap snapshots of the same state: what V8 wrote (REF) and what was read from a core dump (OURS).
//   node compare.js REF.heapsnapshot OURS.heapsnapshot [--rows N] [--user A,B,C] [--native] [--json] [--exhibits]
// Object identity cannot be compared, so nodes and edges are counted as multisets:
//   a node is its class: the name for objects, else (type) and name; all strings of a type are one class;
//   an edge is (from class, edge type, edge name or N for a number, to class).
// --exhibits compares the values of `values` one by one: each Exhibit has a label of its own.
const fs = require('fs');

const args = process.argv.slice(2);
const files = [], options = { rows: 20, user: [], native: false, json: false, exhibits: false };
for (let i = 0; i < args.length; i++) {
  if (args[i] === '--rows') options.rows = Number(args[++i]);
  else if (args[i] === '--user') options.user = args[++i].split(',');
  else if (args[i] === '--native') options.native = true;
  else if (args[i] === '--json') options.json = true;
  else if (args[i] === '--exhibits') options.exhibits = true;
  else files.push(args[i]);
}
if (files.length !== 2) { console.error('compare.js: REF.heapsnapshot OURS.heapsnapshot [--rows N] [--user A,B,C] [--native] [--json] [--exhibits]'); process.exit(2); }

// Both files share these, so that equal numbers mean equal names.
class Names {
  ids = new Map(); list = [];
  id(name) {
    let id = this.ids.get(name);
    if (id === undefined) { id = this.list.length; this.ids.set(name, id); this.list.push(name); }
    return id;
  }
}
const classes = new Names(), labels = new Names();
const add = (map, key, by) => map.set(key, (map.get(key) || 0) + by);

const cleanEdgeName = (name) => /^-?\d+$/.test(name) ? 'N' : name.replace(/^\d+ \/ /, 'N / ').replace(/@\d+/g, '@');

function load(file) {
  const { snapshot, nodes, edges, strings } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const meta = snapshot.meta, nodeWidth = meta.node_fields.length, edgeWidth = meta.edge_fields.length;
  const field = (name) => meta.node_fields.indexOf(name), edgeField = (name) => meta.edge_fields.indexOf(name);
  const nodeTypes = meta.node_types[field('type')], edgeTypes = meta.edge_types[edgeField('type')];
  const [fType, fName, fSize, fEdges] = ['type', 'name', 'self_size', 'edge_count'].map(field);
  const [eType, eName, eTo] = ['type', 'name_or_index', 'to_node'].map(edgeField);
  const left = new Set(options.native ? [] : ['native', 'synthetic']);

  const nodeCount = nodes.length / nodeWidth;
  const classOf = new Int32Array(nodeCount);      // -1: left out
  const counts = new Map(), sizes = new Map(), typeCounts = {}, typeSizes = {};
  const cache = new Map();                        // (type, string) -> class
  for (let i = 0, at = 0; i < nodeCount; i++, at += nodeWidth) {
    const type = nodeTypes[nodes[at + fType]];
    if (left.has(type)) { classOf[i] = -1; continue; }
    const key = nodes[at + fType] * 1e9 + nodes[at + fName];
    let c = cache.get(key);
    if (c === undefined) {
      const name = strings[nodes[at + fName]];
      c = classes.id(type === 'object' ? name : type.includes('string') ? `(${type})` : `(${type}) ${name.length > 200 ? `${name.slice(0, 200)}…` : name}`);
      cache.set(key, c);
    }
    classOf[i] = c;
    add(counts, c, 1);
    add(sizes, c, nodes[at + fSize]);
    typeCounts[type] = (typeCounts[type] || 0) + 1;
    typeSizes[type] = (typeSizes[type] || 0) + nodes[at + fSize];
  }

  const labelCache = new Map();
  const pairs = new Map();                        // (from class, label) -> Map(to class -> count)
  const WIDE = 2 ** 26;
  for (let i = 0, at = 0, edge = 0; i < nodeCount; i++, at += nodeWidth) {
    for (let n = nodes[at + fEdges]; n > 0; n--, edge += edgeWidth) {
      const to = classOf[edges[edge + eTo] / nodeWidth];
      if (classOf[i] < 0 || to < 0) continue;
      const type = edges[edge + eType], numbered = edgeTypes[type] === 'element' || edgeTypes[type] === 'hidden';
      const key = type * 1e9 + (numbered ? 0 : edges[edge + eName]);
      let label = labelCache.get(key);
      if (label === undefined) {
        const raw = numbered ? 'N' : strings[edges[edge + eName]] ?? String(edges[edge + eName]);
        label = labels.id(`${edgeTypes[type]} ${edgeTypes[type] === 'property' || edgeTypes[type] === 'context' ? raw : cleanEdgeName(raw)}`);
        labelCache.set(key, label);
      }
      const pair = classOf[i] * WIDE + label;
      let targets = pairs.get(pair);
      if (targets === undefined) pairs.set(pair, targets = new Map());
      add(targets, to, 1);
    }
  }
  // The value of each exhibit: its type, name and size, and its edges.
  const exhibits = new Map();
  if (options.exhibits) {
    const firstEdge = new Float64Array(nodeCount + 1);
    for (let i = 0; i < nodeCount; i++) firstEdge[i + 1] = firstEdge[i] + nodes[i * nodeWidth + fEdges] * edgeWidth;
    const nameOf = (at) => classOf[at / nodeWidth] < 0 ? `(${nodeTypes[nodes[at + fType]]})` : classes.list[classOf[at / nodeWidth]];
    const edgesOf = (at, each) => { for (let e = firstEdge[at / nodeWidth]; e < firstEdge[at / nodeWidth + 1]; e += edgeWidth) each(edgeTypes[edges[e + eType]], edges[e + eName], edges[e + eTo]); };
    const exhibit = strings.indexOf('Exhibit'), object = nodeTypes.indexOf('object');
    for (let at = 0; at < nodes.length; at += nodeWidth) {
      if (nodes[at + fName] !== exhibit || nodes[at + fType] !== object) continue;
      const to = {};
      edgesOf(at, (type, name, target) => { if (type === 'property') to[strings[name]] = target; });
      if (to.label === undefined) continue;
      const facts = new Map(), value = to.value;
      if (value !== undefined) {
        facts.set(`is ${nodeTypes[nodes[value + fType]]} ${strings[nodes[value + fName]].slice(0, 60)}, ${nodes[value + fSize]} bytes`, 1);
        edgesOf(value, (type, name, target) => add(facts, `--${type} ${type === 'element' || type === 'hidden' ? name : cleanEdgeName(strings[name] ?? String(name))}--> ${nameOf(target)}`, 1));
      }
      exhibits.set(strings[nodes[to.label + fName]], facts);
    }
  }
  const edgeCounts = [];
  for (const [pair, targets] of pairs) edgeCounts.push({ from: Math.floor(pair / WIDE), label: pair % WIDE, pair, targets });
  return { file, nodeCount, edgeCount: edges.length / edgeWidth, counts, sizes, typeCounts, typeSizes, pairs, edgeCounts, exhibits };
}

const ref = load(files[0]), ours = load(files[1]);
const percent = (part, whole) => whole ? `${(100 * part / whole).toFixed(part === whole ? 0 : 2)}%` : '-';
const pad = (value, width) => String(value).padStart(width);
const say = (...lines) => options.json || console.log(lines.join('\n'));
const short = (name) => { const text = JSON.stringify(name).slice(1, -1); return text.length > 70 ? `${text.slice(0, 67)}...` : text; };
const result = { ref: files[0], ours: files[1] };

// ---- Classes
function compareClasses(title, wanted) {
  const rows = [];
  let total = 0, equal = 0, refNodes = 0, found = 0, extra = 0;
  for (const c of new Set([...ref.counts.keys(), ...ours.counts.keys()])) {
    if (!wanted(classes.list[c])) continue;
    const a = ref.counts.get(c) || 0, b = ours.counts.get(c) || 0;
    const bytesA = ref.sizes.get(c) || 0, bytesB = ours.sizes.get(c) || 0;
    if (a) { total++; if (a === b) equal++; }
    refNodes += a; found += Math.min(a, b); extra += Math.max(0, b - a);
    if (a !== b || bytesA !== bytesB) rows.push({ name: classes.list[c], ref: a, ours: b, delta: b - a, ref_bytes: bytesA, ours_bytes: bytesB, bytes_delta: bytesB - bytesA });
  }
  rows.sort((x, y) => Math.abs(y.delta) - Math.abs(x.delta) || Math.abs(y.bytes_delta) - Math.abs(x.bytes_delta));
  say('', `${title}: ${total} class names, ${equal} with equal counts (${percent(equal, total)}); nodes ${refNodes}, found ${found} (${percent(found, refNodes)}), extra ${extra}`);
  if (rows.length) say(`${pad('ref', 9)} ${pad('ours', 9)} ${pad('delta', 8)} ${pad('ref bytes', 11)} ${pad('ours bytes', 11)} ${pad('delta', 10)}  class`);
  for (const r of rows.slice(0, options.rows)) say(`${pad(r.ref, 9)} ${pad(r.ours, 9)} ${pad(r.delta, 8)} ${pad(r.ref_bytes, 11)} ${pad(r.ours_bytes, 11)} ${pad(r.bytes_delta, 10)}  ${short(r.name)}`);
  if (rows.length > options.rows) say(`  … ${rows.length - options.rows} more`);
  return { class_names: total, equal, nodes: refNodes, found, extra, differences: rows.slice(0, options.rows) };
}

// ---- Edges
const EDGE_TYPES = ['property', 'element', 'context', 'internal', 'hidden', 'shortcut', 'weak'];
function compareEdges(title, wanted) {
  const byType = Object.fromEntries(EDGE_TYPES.map((t) => [t, { ref: 0, ours: 0, found: 0, found_any_target: 0 }]));
  const missing = [], extra = [];
  const seen = new Set();
  const visit = (pair, from, label) => {
    if (seen.has(pair) || !wanted(classes.list[from])) return;
    seen.add(pair);
    const a = ref.pairs.get(pair), b = ours.pairs.get(pair);
    const type = labels.list[label].slice(0, labels.list[label].indexOf(' '));
    const sums = byType[type] ??= { ref: 0, ours: 0, found: 0, found_any_target: 0 };
    let sumA = 0, sumB = 0;
    for (const to of new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])) {
      const x = a?.get(to) || 0, y = b?.get(to) || 0;
      sumA += x; sumB += y; sums.found += Math.min(x, y);
      if (x !== y) (x > y ? missing : extra).push({ count: Math.abs(x - y), ref: x, ours: y, type, edge: labels.list[label], from: classes.list[from], to: classes.list[to] });
    }
    sums.ref += sumA; sums.ours += sumB; sums.found_any_target += Math.min(sumA, sumB);
  };
  for (const side of [ref, ours]) for (const { pair, from, label } of side.edgeCounts) visit(pair, from, label);
  say('', `${title}`, `${'type'.padEnd(10)} ${pad('ref', 9)} ${pad('ours', 9)} ${pad('found', 9)} ${pad('share', 8)} ${pad('any target', 11)} ${pad('extra', 8)}`);
  for (const [type, s] of Object.entries(byType)) say(`${type.padEnd(10)} ${pad(s.ref, 9)} ${pad(s.ours, 9)} ${pad(s.found, 9)} ${pad(percent(s.found, s.ref), 8)} ${pad(percent(s.found_any_target, s.ref), 11)} ${pad(s.ours - s.found, 8)}`);
  const first = (list, types) => list.filter((e) => types.includes(e.type)).sort((x, y) => y.count - x.count).slice(0, options.rows);
  const named = ['property', 'element', 'context'], rest = EDGE_TYPES.slice(3);
  const groups = { missing: first(missing, named), extra: first(extra, named), missing_internal: first(missing, rest), extra_internal: first(extra, rest) };
  for (const [name, list] of Object.entries(groups)) {
    if (list.length) say(`  biggest ${name.replace('_', ', ')}:`);
    for (const e of list) say(`  ${pad(e.count, 8)} (${e.ref} / ${e.ours})  ${short(e.from)} --${short(e.edge)}--> ${short(e.to)}`);
  }
  return { types: byType, ...groups };
}

say(`ref  ${files[0]}: ${ref.nodeCount} nodes, ${ref.edgeCount} edges`, `ours ${files[1]}: ${ours.nodeCount} nodes, ${ours.edgeCount} edges`);
say('', `${'node type'.padEnd(20)} ${pad('ref', 9)} ${pad('ours', 9)} ${pad('ref bytes', 12)} ${pad('ours bytes', 12)} ${pad('delta', 10)}`);
result.types = {};
const sum = (object) => Object.values(object).reduce((x, y) => x + y, 0);
for (const type of [...new Set([...Object.keys(ref.typeCounts), ...Object.keys(ours.typeCounts)])].sort((x, y) => (ref.typeSizes[y] || 0) - (ref.typeSizes[x] || 0))) {
  const [a, b, x, y] = [ref.typeCounts[type] || 0, ours.typeCounts[type] || 0, ref.typeSizes[type] || 0, ours.typeSizes[type] || 0];
  result.types[type] = { ref: a, ours: b, ref_bytes: x, ours_bytes: y };
  say(`${type.padEnd(20)} ${pad(a, 9)} ${pad(b, 9)} ${pad(x, 12)} ${pad(y, 12)} ${pad(y - x, 10)}`);
}
result.total = { ref: sum(ref.typeCounts), ours: sum(ours.typeCounts), ref_bytes: sum(ref.typeSizes), ours_bytes: sum(ours.typeSizes) };
say(`${'total'.padEnd(20)} ${pad(result.total.ref, 9)} ${pad(result.total.ours, 9)} ${pad(result.total.ref_bytes, 12)} ${pad(result.total.ours_bytes, 12)} ${pad(result.total.ours_bytes - result.total.ref_bytes, 10)}`);

const user = new Set(options.user);
result.objects = compareClasses('constructors (objects by name)', (name) => !name.startsWith('('));
result.others = compareClasses('other nodes (by type and name)', (name) => name.startsWith('('));
if (user.size) result.user_classes = compareClasses('planted classes', (name) => user.has(name));
result.edges = compareEdges('edges', () => true);
if (user.size) result.user_edges = compareEdges('edges of planted classes', (name) => user.has(name));
if (options.exhibits) {
  const internal = /^--(internal|hidden|weak|shortcut) /, rows = [];
  for (const [label, facts] of ref.exhibits) {
    const own = ours.exhibits.get(label), differences = own ? [] : ['is missing'];
    if (own) for (const fact of new Set([...facts.keys(), ...own.keys()])) {
      if ((facts.get(fact) || 0) !== (own.get(fact) || 0)) differences.push(`${(facts.get(fact) || 0) > (own.get(fact) || 0) ? '-' : '+'} ${fact}`);
    }
    rows.push({ label, differences, internal_only: differences.every((d) => internal.test(d.slice(2))) });
  }
  const off = rows.filter((row) => !row.internal_only);
  result.exhibits = { count: rows.length, equal: rows.filter((row) => !row.differences.length).length, equal_but_internal: rows.length - off.length, differences: rows.filter((row) => row.differences.length) };
  say('', `exhibits: ${rows.length}, equal ${result.exhibits.equal}, equal but for internal edges ${result.exhibits.equal_but_internal}`);
  for (const { label, differences } of off.slice(0, options.rows)) say(`  ${label}`, ...differences.filter((d) => !internal.test(d.slice(2))).slice(0, 8).map((d) => `      ${short(d)}`));
}
if (options.json) console.log(JSON.stringify(result, null, 1));
