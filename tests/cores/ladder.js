'use strict';
// One process under a steady leak, held three times (T0, T1, T2): between two of them each leak grows by the same number.
// After a hold it waits for a byte on standard input.
const { EventEmitter } = require('events');
const { write, prepare, hold } = require('./hold.js');

const WARM = 100, STEP = 400;
class Visit { constructor(i) { this.id = i; this.path = `/page/${i}`; this.cookies = { sid: `s${i}` }; } }        // leak 1: a Map
class Subscription { constructor(i) { this.i = i; this.filter = [i, `topic ${i}`]; } }                            // leak 2: listeners
class Trace { constructor(i, next) { this.span = i; this.next = next; } }                                         // leak 3: a list
class Recent { constructor(i) { this.i = i; this.body = `body ${i}`; } }                                          // no leak: bounded
class Setting { constructor(i) { this.key = `key ${i}`; } }                                                      // no leak: constant

class Site { constructor() { this.visits = new Map(); this.settings = Array.from({ length: 64 }, (_, i) => new Setting(i)); } }
class Tracer { static last = null; }
const site = new Site();
const bus = new EventEmitter().setMaxListeners(0);
const recent = new Map();

let done = 0;
function work(count) {
  for (let end = done + count; done < end; done++) {
    const i = done;
    for (let k = 0; k < 3; k++) site.visits.set(`visit ${i}.${k}`, new Visit(i * 3 + k));
    const subscription = new Subscription(i);
    bus.on('news', function onNews() { return subscription; });
    Tracer.last = new Trace(i, Tracer.last); Tracer.last = new Trace(i + 0.5, Tracer.last);
    recent.set(i % 50, new Recent(i));
  }
}

const counts = () => ({ Visit: done * 3, Subscription: done, Trace: done * 2, Recent: 50, Setting: 64, Site: 1 });
const truth = {
  program: 'ladder', node: process.version, v8: process.versions.v8,
  leaks: [
    { constructor: 'Visit', holder: 'Map', kept_by: 'Site', edge: 'visits', per_interval: STEP * 3 },
    { constructor: 'Subscription', holder: 'EventEmitter', through: 'closure onNews', per_interval: STEP },
    { constructor: 'Trace', holder: 'Tracer.last', through: 'next, a list', per_interval: STEP * 2 },
  ],
  points: {},
};
async function main() {
  for (const point of ['t0', 't1', 't2']) {
    work(point === 't0' ? WARM : STEP);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const prepared = prepare(`.${point}`);
    hold(prepared, function tell(stack) {
      truth.points[point] = { classes: counts(), stack };
      write('truth.json', JSON.stringify(truth, null, 1));
    }, { input: true });
  }
}
main();
