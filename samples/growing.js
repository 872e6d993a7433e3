'use strict';
// A program whose memory grows: keepOrder keeps what it is given, render uses memory and gives it back.
// Recorded for flame: see make-samples in samples/README.md.
const orders = [];

class Order {
  constructor(id) {
    this.id = id;
    this.lines = new Array(40).fill(id);
    this.note = 'order ' + id;
  }
}

function keepOrder(id) {
  orders.push(new Order(id));
}

function render(id) {
  return Buffer.alloc(200_000, id & 255).length;
}

let id = 0;
function tick(rounds) {
  for (let i = 0; i < rounds; i++) keepOrder(id++);
  for (let i = 0; i < 4; i++) render(i);
}

const rounds = Number(process.argv[2] || 300);
setInterval(() => tick(rounds), 10);
setTimeout(() => process.exit(0), 6000).unref();
