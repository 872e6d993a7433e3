'use strict';
// A web shop as people build them (express, sessions, zod, lodash, pino, an LRU cache), under load by its own client in the
// same process. What the client does is fixed, so every count is exact however the requests interleave. At the dump some
// requests wait for an answer, and the stack is that of an express handler.
const http = require('http');
const { EventEmitter } = require('events');
const express = require('express');
const session = require('express-session');
const _ = require('lodash');
const pino = require('pino');
const { z } = require('zod');
const { LRUCache } = require('lru-cache');
const { write, prepare, hold } = require('./hold.js');

const CUSTOMERS = 400, PRODUCTS = 800, CATEGORIES = 25, VIEWS = 7, PAGES_KEPT = 150, SLOW = 6, AT_ONCE = 16;

class Category { constructor(id) { this.id = id; this.title = `category ${id}`; this.products = []; } }
class Product {
  constructor(id, category) { this.id = id; this.name = `product ${id}`; this.cents = 199 + id * 7; this.category = category; this.stock = 1000; this.tags = new Set([`t${id % 9}`, 'new']); category.products.push(this); }
}
class Customer { constructor(id) { this.id = id; this.email = `customer${id}@example.org`; this.orders = []; this.seen = new Map(); } }
class Basket { constructor(customer) { this.customer = customer; this.lines = []; } }
class OrderLine { constructor(product, quantity) { this.product = product; this.quantity = quantity; } }
class Order {
  #state = 'placed';
  constructor(number, customer, lines) { this.number = number; this.customer = customer; this.lines = lines; this.placed = new Date(1.7e12 + number * 1000); }
  get state() { return this.#state; }
  total() { return _.sumBy(this.lines, (line) => line.product.cents * line.quantity); }
}
class Page { constructor(product, html) { this.product = product; this.html = html; } }
class AuditEntry { constructor(request) { this.method = request.method; this.url = request.originalUrl; this.at = performance.now(); } }
class Quote { constructor(product) { this.product = product; this.net = product.cents / 1.19; } }
class Report { constructor(name) { this.name = name; this.rows = []; this.done = new Promise((resolve) => { this.finish = resolve; }); } }

class Shop extends EventEmitter {
  constructor() {
    super();
    this.categories = Array.from({ length: CATEGORIES }, (_, i) => new Category(i));
    this.products = new Map(Array.from({ length: PRODUCTS }, (_, i) => [i, new Product(i, this.categories[i % CATEGORIES])]));
    this.customers = Array.from({ length: CUSTOMERS }, (_, i) => new Customer(i));
    this.baskets = new Map();
    this.orders = [];
    this.pages = new LRUCache({ max: PAGES_KEPT });
    this.audit = [];                       // the leak: nobody ever empties it
    this.reports = new Set();
    this.quote = _.memoize((id) => new Quote(this.products.get(id)));
    this.on('ordered', function countSale(order) { for (const line of order.lines) line.product.stock -= line.quantity; });
  }
}

const shop = new Shop();
const log = pino({ level: 'info' }, pino.destination({ dest: '/dev/null', sync: true }));
const orderBody = z.object({ note: z.string().max(80), lines: z.array(z.object({ product: z.number().int(), quantity: z.number().int().min(1).max(9) })).min(1) });

const app = express();
app.set('etag', false);
app.use(express.json());
app.use(session({ secret: 'not a secret', resave: false, saveUninitialized: false, name: 'sid' }));
app.use(function audit(request, response, next) {
  shop.audit.push(new AuditEntry(request));
  request.log = log.child({ url: request.url });
  next();
});
app.post('/login', function login(request, response) {
  request.session.customer = request.body.id;
  shop.baskets.set(request.sessionID, new Basket(shop.customers[request.body.id]));
  response.json({ ok: true });
});
app.get('/products/:id', function showProduct(request, response) {
  const id = Number(request.params.id);
  let page = shop.pages.get(id);
  if (!page) shop.pages.set(id, page = new Page(shop.products.get(id), `<h1>${_.escape(shop.products.get(id).name)}</h1>${'<p>text</p>'.repeat(20)}`));
  const customer = shop.customers[request.session.customer];
  customer.seen.set(id, (customer.seen.get(id) || 0) + 1);
  request.log.info('seen');
  response.set('x-net', String(shop.quote(id).net)).type('html').send(page.html);
});
app.post('/basket', function fill(request, response) {
  const basket = shop.baskets.get(request.sessionID);
  basket.lines.push(new OrderLine(shop.products.get(request.body.product), 1));
  response.json({ lines: basket.lines.length });
});
app.post('/orders', async function order(request, response, next) {
  try {
    const body = orderBody.parse(request.body);
    const customer = shop.customers[request.session.customer];
    const placed = new Order(shop.orders.length, customer, body.lines.map((line) => new OrderLine(shop.products.get(line.product), line.quantity)));
    await new Promise((resolve) => setTimeout(resolve, 1));
    shop.orders.push(placed); customer.orders.push(placed);
    shop.emit('ordered', placed);
    response.status(201).json({ number: placed.number, total: placed.total() });
  } catch (error) { next(error); }
});
app.get('/report/:name', async function slowReport(request, response) {
  const report = new Report(request.params.name);
  shop.reports.add(report);
  await report.done;                       // never
  response.json(report.rows);
});
let prepared, truth;
app.get('/admin/dump', function dumpHandler(request, response) {
  truth.classes.AuditEntry = shop.audit.length;
  truth.in_flight.push({ method: request.method, url: request.url });
  hold(prepared, function tell(stack) {
    write('truth.json', JSON.stringify({ ...truth, stack }, null, 1));
    truth = null;
  });
  response.end();
});
app.use(function failed(error, request, response, next) { response.status(400).json({ error: error.name }); });

// ---- The client
const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
let port;
function call(method, path, cookie, body) {
  return new Promise((resolve, reject) => {
    const text = body && JSON.stringify(body);
    const request = http.request({ port, host: '127.0.0.1', method, path, agent, headers: { ...(cookie && { cookie }), ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }) } }, (response) => {
      response.resume().on('end', () => resolve(response));
    });
    request.on('error', reject).end(text);
  });
}
async function shopper(id) {
  const login = await call('POST', '/login', null, { id });
  const cookie = login.headers['set-cookie'][0].split(';')[0];
  for (let i = 0; i < VIEWS; i++) await call('GET', `/products/${(id * 31 + i * 17) % PRODUCTS}`, cookie);
  for (let i = 0; i <= id % 3; i++) await call('POST', '/basket', cookie, { product: (id + i) % PRODUCTS });
  const lines = Array.from({ length: 1 + id % 4 }, (_, i) => ({ product: (id * 3 + i) % PRODUCTS, quantity: 1 + i }));
  const ordered = await call('POST', '/orders', cookie, { note: 'please', lines: id % 10 ? lines : [] });   // every tenth is refused
  if (ordered.statusCode !== (id % 10 ? 201 : 400)) throw new Error(`order: ${ordered.statusCode}`);
}

async function main() {
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  port = server.address().port;
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { while (next < CUSTOMERS) await shopper(next++); }));
  for (let i = 0; i < SLOW; i++) call('GET', `/report/slow-${i}`).catch(() => {});
  while (shop.reports.size < SLOW) await new Promise((resolve) => setTimeout(resolve, 20));

  const all = Array.from({ length: CUSTOMERS }, (_, id) => id), placed = all.filter((id) => id % 10);
  truth = {
    program: 'shop', node: process.version, v8: process.versions.v8,
    classes: {
      Shop: 1, Category: CATEGORIES, Product: PRODUCTS, Customer: CUSTOMERS, Basket: CUSTOMERS, Order: placed.length,
      OrderLine: _.sumBy(placed, (id) => 1 + id % 4) + _.sumBy(all, (id) => 1 + id % 3),
      Page: PAGES_KEPT, Quote: new Set(all.flatMap((id) => Array.from({ length: VIEWS }, (_, i) => (id * 31 + i * 17) % PRODUCTS))).size,
      Report: SLOW,
    },
    leak: { constructor: 'AuditEntry', holder: 'Shop', edge: 'audit' },
    in_flight: Array.from({ length: SLOW }, (_, i) => ({ method: 'GET', url: `/report/slow-${i}` })),
    maps: { baskets: CUSTOMERS, products: PRODUCTS },
  };
  prepared = prepare();
  call('GET', '/admin/dump').catch(() => {});
}
main();
