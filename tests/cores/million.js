'use strict';
// 1,000,000 small instances, for speed: 600,000 in an array, 300,000 in a Map by number, 100,000 in a Map by text. N times that
// as `million.js OUT N`.
const { write, prepare, hold } = require('./hold.js');
const times = Number(process.argv[3] || 1);

class Sample { constructor(i) { this.at = i; this.value = i * 0.5; } }
class Entry { constructor(i, previous) { this.id = i; this.previous = previous; } }
class Moment { constructor(i) { this.name = `event ${i}`; } }

function fill() {
  const samples = [], entries = new Map(), events = new Map();
  for (let i = 0; i < times * 600000; i++) samples.push(new Sample(i));
  for (let i = 0, previous = null; i < times * 300000; i++) entries.set(i, previous = new Entry(i, i % 100 ? previous : null));
  for (let i = 0; i < times * 100000; i++) { const event = new Moment(i); events.set(event.name, event); }
  return { samples, entries, events };
}
globalThis.store = fill();
setTimeout(function freeze() {
  const prepared = prepare();
  hold(prepared, (stack) => write('truth.json', JSON.stringify({ program: 'million', node: process.version, v8: process.versions.v8, classes: { Sample: times * 600000, Entry: times * 300000, Moment: times * 100000 }, maps: { entries: times * 300000, events: times * 100000 }, stack }, null, 1)));
}, 500);
