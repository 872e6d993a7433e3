'use strict';
// Runs out of heap (--max-old-space-size=60): a Map keeps every Order. OUT.count says how many there were before the last thousand.
const fs = require('fs');
const { out, write, frames, lineOf } = require('./hold.js');

class Order { constructor(i) { this.number = i; this.customer = `customer ${i}`; this.total = i + 0.5; this.items = [i, `item ${i}`]; } }
class Desk { constructor() { this.open = new Map(); } }
const desk = globalThis.desk = new Desk();
const counter = fs.openSync(`${out}.count`, 'w');
let taken = 0;

function takeOrder() { desk.open.set(taken, new Order(taken)); taken++; }
function takeOrders(count) { for (let i = 0; i < count; i++) takeOrder(); }
setTimeout(function rush() {
  write('truth.json', JSON.stringify({
    program: 'oom', node: process.version, v8: process.versions.v8,
    leak: { constructor: 'Order', at_least: null, at_most: null, holder: 'Map', kept_by: 'Desk', edge: 'open' }, classes: { Desk: 1 },
    stack: [{ function: 'takeOrder', may_be_missing: true }, { function: 'takeOrders' }, { ...frames()[0], line: lineOf(__filename, 'for (;;)'), column: null }, ...frames().slice(1)],
  }, null, 1));
  for (;;) { fs.writeSync(counter, `${taken}\n`, 0); takeOrders(1000); }
}, 100);
