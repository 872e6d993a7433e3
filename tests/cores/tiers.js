'use strict';
// One function of each of V8's tiers on the stack at once: interpreted, baseline (Sparkplug), Maglev, TurboFan, with functions inlined
// into the optimised ones. Told by V8's own intrinsics.  tiers.js OUT
const v8 = require('v8');
const { write, prepare, hold } = require('./hold.js');
v8.setFlagsFromString('--allow-natives-syntax');
for (const flag of ['--sparkplug', '--maglev']) try { v8.setFlagsFromString(flag); } catch { /* not in this version */ }
const native = (text) => { try { return new Function('f', `return ${text}`); } catch { return null; } };
const optimizer = native('%PrepareFunctionForOptimization(f)');
const turbofan = native('%OptimizeFunctionOnNextCall(f)');
const maglev = native('%OptimizeMaglevOnNextCall(f)');
const baseline = native('%CompileBaseline(f)');
const status = native('%GetOptimizationStatus(f)');
const truth = { program: 'tiers', node: process.version, v8: process.versions.v8, classes: {}, status: {}, stack: [] };

class Gear {
  constructor(teeth) { this.teeth = teeth; }
  mesh(next, depth) { return next(depth + this.teeth); }
  static cut(teeth, next) { return new Wheel(teeth, next); }
}
class Wheel { constructor(teeth, next) { this.teeth = teeth; this.result = next(teeth); } }
truth.classes.Gear = 1;

const gear = new Gear(7);
function innermost(next, n) { return next(n + 1); }
function middle(next, n) { const twice = n * 2;
  return innermost(next, twice); }
function outer(next, n) {
  let sum = 0;
  for (let i = 0; i < 2; i++) sum += i;
  return middle(next, n + sum);
}
function magInner(next, n) { return gear.mesh(next, n); }
function magOuter(next, n, text) { return magInner(next, n) + text.length; }
function plainBase(next, n) {
  if (n < 0) return 0;
  return next(n - 1);
}
function built(next, n) { return Gear.cut(n, next).result; }
function looped(next, n) { return [n].map((each) => next(each))[0]; }
function interpreted(next, n) { return next(n, 'argument', 2.5, null, [1, 2]); }

const leaf = (n) => n + 1;
function warm(f, ...rest) {
  if (optimizer) for (const each of [f, innermost, middle, gear.mesh, Gear.cut, Wheel]) optimizer(each);
  for (let i = 0; i < 200; i++) f(leaf, i, ...rest);
}
// next must not be inlined: several targets.
const others = [(n) => n, (n) => n + 2, (n) => -n, (n) => n * 3, (n) => n / 2, (n) => n | 1];
function vary(f, ...rest) { for (let i = 0; i < 60; i++) f(others[i % 6], i, ...rest); }

for (const f of [outer, magInner, magOuter, built, looped, plainBase]) { warm(f, 'text'); vary(f, 'text'); }
for (let i = 0; i < 60; i++) gear.mesh(others[i % 6], i);
if (baseline) baseline(plainBase);
vary(plainBase);
if (turbofan) for (const f of [outer, built, looped]) { turbofan(f); f(leaf, 1, 'text'); }
if (maglev) { maglev(magOuter); magOuter(leaf, 1, 'text'); }
else if (turbofan) { turbofan(magOuter); magOuter(leaf, 1, 'text'); }

const prepared = prepare();
function tell(stack) {
  truth.stack = stack;
  write('truth.json', JSON.stringify(truth, null, 1));
}
for (const f of [outer, magOuter, plainBase, built, looped, interpreted]) truth.status[f.name] = status ? status(f) : null;
const bottom = function bottom(n) { return hold(prepared, tell, { snapshot: false }) + n; };
const chain = [interpreted, plainBase, (next, n) => magOuter(next, n, 'longer text'), outer, built, looped];
const run = (i) => (n) => (i === chain.length ? bottom(n) : chain[i](run(i + 1), n));
setTimeout(function shift() { run(0)(3); }, 1);
