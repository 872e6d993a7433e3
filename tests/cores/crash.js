'use strict';
// Dies with a core: process.abort(), or an uncaught error with --abort-on-uncaught-exception. crash.js OUT abort|uncaught
const { write, frames, lineOf } = require('./hold.js');
const how = process.argv[3];

class Parcel { constructor(i) { this.i = i; this.weight = i / 4; } }
class Depot { constructor() { this.parcels = Array.from({ length: 2500 }, (_, i) => new Parcel(i)); } }
class ParcelError extends Error { constructor(message, parcel) { super(message); this.parcel = parcel; } }
const depot = new Depot();

function weigh(parcel, limit) {
  const scale = { reading: parcel.weight, limit };
  if (parcel.weight > limit) {
    tell();
    if (how === 'abort') process.abort();
    throw new ParcelError(`parcel ${parcel.i} is too heavy`, parcel);
  }
  return scale;
}
function tell() {
  const uncaught = how === 'uncaught', [, here, ...rest] = frames();
  write('truth.json', JSON.stringify({
    program: 'crash', how, node: process.version, v8: process.versions.v8,
    classes: { Depot: 1, Parcel: 2500, ...(uncaught && { ParcelError: 1 }) },
    stack: [{ ...here, line: lineOf(__filename, uncaught ? 'throw new' : 'process.abort();'), column: null }, ...rest],
    error: uncaught ? { name: 'ParcelError', message: 'parcel 2401 is too heavy' } : null,
  }, null, 1));
}
setTimeout(function shift() { depot.parcels.forEach((parcel) => weigh(parcel, 600)); }, 100);
