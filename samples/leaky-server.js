#!/usr/bin/env node
'use strict';
// A small web shop with four classic memory leaks. No dependencies; Node 18 and later.
//
//   node --expose-gc leaky-server.js [--fixed] [--port N] [--snapshots DIR]
//
// It listens on 127.0.0.1 (on a free port unless told) and prints its address.
//
//   GET  /orders/ID            the only page; every request to it leaks (see LEAK 1 to 4)
//   GET  /debug/counts         how many of each thing are alive, as JSON
//   POST /debug/snapshot/NAME  collects garbage and writes DIR/NAME.heapsnapshot
//
// With --fixed the same server runs without the leaks.

const http = require('node:http');
const path = require('node:path');
const v8 = require('node:v8');
const { randomUUID } = require('node:crypto');
const { EventEmitter, once } = require('node:events');

const options = readOptions(process.argv.slice(2));

const MINUTE = 60_000;
const PRODUCTS = 200; // the product cache is bounded: it grows for a while and then stays
const RECENT_AUDIT = 100;

class Product {
  constructor(id) {
    this.id = id;
    this.title = `Product number ${id}`;
    this.cents = 100 + (id * 37) % 9900;
  }
}

class Session {
  constructor(userAgent) {
    this.id = randomUUID();
    this.userAgent = userAgent;
    this.createdAt = new Date();
    this.cart = [];
  }
}

class Order {
  constructor(id, session, product) {
    this.id = id;
    this.session = session;
    this.lines = [{ product, quantity: 1 + (id % 3) }];
    this.cents = product.cents;
  }
}

class StatusPoller {
  constructor(order) {
    this.order = order;
    this.polls = 0;
  }
  poll() {
    this.polls++;
  }
}

const sessions = new Map(); // session id → Session
const prices = new EventEmitter().setMaxListeners(0); // emits 'price' when a product's price changes
const auditLog = []; // one line for every request
const products = new Map(); // a cache, bounded by PRODUCTS
let pollers = 0; // how many intervals are running

function showOrder(request, response, id) {
  const session = new Session(request.headers['user-agent']);
  const product = findProduct(id % (2 * PRODUCTS));
  const order = new Order(id, session, product);
  session.cart.push(order);

  // LEAK 1: every visitor gets a session, and nothing ever ends one.
  sessions.set(session.id, session);

  // LEAK 2: a listener per request on an emitter that lives as long as the process.
  const onPriceChange = (changed, cents) => {
    if (changed === product.id) order.cents = cents;
  };
  prices.on('price', onPriceChange);

  // LEAK 3: an interval per request that nothing clears.
  const poller = new StatusPoller(order);
  const timer = setInterval(() => poller.poll(), 10 * MINUTE);
  timer.unref();
  pollers++;

  // LEAK 4: a log kept in memory, and every line of it is a new copy of one of a few texts.
  audit(`order viewed: customer looked at the status page of an order in state ${order.id % 5}`);

  if (options.fixed) {
    response.on('close', () => {
      sessions.delete(session.id);
      prices.off('price', onPriceChange);
      clearInterval(timer);
      pollers--;
    });
  }

  sendJson(response, { order: order.id, cents: order.cents, session: session.id });
}

function findProduct(id) {
  let product = products.get(id);
  if (!product) {
    product = new Product(id);
    products.set(id, product);
    if (products.size > PRODUCTS) products.delete(products.keys().next().value);
  }
  return product;
}

function audit(line) {
  // Through a buffer, as if the line had come from a file or a socket: a flat string of its own.
  auditLog.push(Buffer.from(line).toString());
  if (options.fixed && auditLog.length > RECENT_AUDIT) auditLog.shift();
}

function counts() {
  return {
    sessions: sessions.size,
    listeners: prices.listenerCount('price'),
    pollers,
    audit_lines: auditLog.length,
    cached_products: products.size,
  };
}

async function writeSnapshot(response, name) {
  if (!options.snapshots || !global.gc) {
    return sendJson(response, { error: 'start the server with: node --expose-gc leaky-server.js --snapshots DIR' }, 409);
  }
  // Let finished requests close their sockets, and let finalizers run between two collections.
  for (let i = 0; i < 3; i++) {
    await new Promise(resolve => setTimeout(resolve, 50));
    global.gc();
  }
  v8.writeHeapSnapshot(path.join(options.snapshots, `${name}.heapsnapshot`));
  sendJson(response, counts());
}

function sendJson(response, value, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(value) + '\n');
}

const server = http.createServer((request, response) => {
  const { method, url } = request;
  const order = /^\/orders\/(\d{1,9})$/.exec(url);
  const snapshot = /^\/debug\/snapshot\/([\w-]{1,64})$/.exec(url);
  if (method === 'GET' && order) showOrder(request, response, Number(order[1]));
  else if (method === 'GET' && url === '/debug/counts') sendJson(response, counts());
  else if (method === 'POST' && snapshot) writeSnapshot(response, snapshot[1]);
  else sendJson(response, { error: 'not found' }, 404);
});

function readOptions(args) {
  const result = { fixed: false, port: 0, snapshots: '' };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--fixed') result.fixed = true;
    else if (args[i] === '--port') result.port = Number(args[++i]);
    else if (args[i] === '--snapshots') result.snapshots = args[++i];
    else {
      console.error(`unknown option: ${args[i]}`);
      process.exit(2);
    }
  }
  return result;
}

server.listen(options.port, '127.0.0.1');
once(server, 'listening').then(() => console.log(`listening on http://127.0.0.1:${server.address().port}`));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
