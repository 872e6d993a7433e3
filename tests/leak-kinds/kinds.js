'use strict';

// kinds.js: one process with many different leaks at once.
//
//   node --expose-gc kinds.js [--out DIR] [--warm N] [--round N] [--fixed] [--only a,b] [--numeric] [--list]
//
// It runs a warm-up round (10 operations of each kind) and writes
// t0.heapsnapshot, then 20 more operations and t1.heapsnapshot, then 20 more
// and t2.heapsnapshot, and last truth.json: for each kind what grows, the exact
// number of it in the three snapshots, what holds it and how.
// Kinds that are heavy (sockets, contexts, native handles) run fewer operations.
//
//   --warm N    operations of the warm-up round
//   --round N   operations of each of the two rounds after it
//   --fixed     every operation releases what it made: the same program as control
//   --only a,b  run only these kinds
//   --numeric   write snapshots with exposeNumericValues: small integers are visible
//               (Node 18 ignores it)
//   --list      print the names of the kinds and exit
//
// Each kind is one function `leak…`, with a payload class of its own and a
// long-lived holder of its own. Only Node's own modules are used, servers
// listen on 127.0.0.1 only, and the process ends by itself.

const { AsyncLocalStorage } = require('node:async_hooks');
const crypto = require('node:crypto');
const dgram = require('node:dgram');
const diagnosticsChannel = require('node:diagnostics_channel');
const { EventEmitter, on, once, setMaxListeners } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const http2 = require('node:http2');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { Blob } = require('node:buffer');
const { performance } = require('node:perf_hooks');
const timersPromises = require('node:timers/promises');
const v8 = require('node:v8');
const vm = require('node:vm');
const { MessageChannel } = require('node:worker_threads');
const zlib = require('node:zlib');

const options = parseArguments(process.argv.slice(2));
const FIXED = options.fixed;

const HOUR = 3_600_000;
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'kinds-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

// How many operations each of the three rounds runs.
const FULL = [options.warm, options.round, options.round];
const MEDIUM = atMost(10, 20);
const SMALL = atMost(5, 10);
const TINY = atMost(2, 3);

function atMost(warm, round) {
  return [Math.min(warm, options.warm), Math.min(round, options.round), Math.min(round, options.round)];
}

// Every payload class is a subclass of this one.
class Payload {
  constructor(id) {
    this.id = id;
    this.data = new Array(16).fill(id);
  }

  use() {
    return this.id;
  }
}

// The registry of kinds; see `kind` for what an entry says.
const kinds = [];

/**
 * name    what --only takes
 * run     one operation; it gets the number of the operation within its kind
 * setup   runs once before the first operation
 * rounds  operations per round
 * grows   the constructor of the objects that grow, or null if none does
 * measure what `counts` counts: 'objects' of the constructor `grows`, 'strings'
 *         that start with `strings`, 'elements' of the array `holder`,
 *         'numbers' in it, which no snapshot shows, or 'reactions' of the
 *         promise `holder`
 * strings what each of the strings starts with
 * also    other constructors that grow with it, by the same counts
 * counts  expected counts, where they are not simply the sum of the rounds
 * fixed   expected counts with --fixed, where they are not 0
 * holder  the long-lived thing that holds them, as it is named in this file
 * how     in a word, how it holds them
 * note    anything a reader of truth.json should know
 */
function kind(entry) {
  kinds.push({ rounds: FULL, measure: 'objects', also: [], ...entry });
}

function never() {
  return new Promise(() => {});
}

function deferred() {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
}

function noop() {}

function listen(server) {
  return new Promise((done) => server.listen(0, '127.0.0.1', done));
}

// ---------------------------------------------------------------------------
// Listeners
// ---------------------------------------------------------------------------

// Many listeners for one event of a long-lived EventEmitter.
class EmitterPayload extends Payload {}
const auditEmitter = new EventEmitter().setMaxListeners(0);
function leakEmitterListener(id) {
  const payload = new EmitterPayload(id);
  const onAudit = () => payload.use();
  auditEmitter.on('audit', onAudit);
  if (FIXED) auditEmitter.off('audit', onAudit);
}
kind({
  name: 'emitter-listener',
  run: leakEmitterListener,
  grows: 'EmitterPayload',
  holder: 'auditEmitter',
  how: 'listener array of one event',
});

// A new event name per operation, with one listener each that never fires.
class EmitterEventPayload extends Payload {}
const jobEmitter = new EventEmitter();
function leakEmitterEvent(id) {
  const payload = new EmitterEventPayload(id);
  jobEmitter.once(`done:${id}`, () => payload.use());
  if (FIXED) jobEmitter.emit(`done:${id}`);
}
kind({
  name: 'emitter-event',
  run: leakEmitterEvent,
  grows: 'EmitterEventPayload',
  holder: 'jobEmitter',
  how: 'one listener for each event name',
});

// Listeners of a long-lived EventTarget.
class EventTargetPayload extends Payload {}
const auditTarget = new EventTarget();
setMaxListeners(0, auditTarget);
function leakEventTargetListener(id) {
  const payload = new EventTargetPayload(id);
  const onAudit = () => payload.use();
  auditTarget.addEventListener('audit', onAudit);
  if (FIXED) auditTarget.removeEventListener('audit', onAudit);
}
kind({
  name: 'event-target-listener',
  run: leakEventTargetListener,
  grows: 'EventTargetPayload',
  holder: 'auditTarget',
  how: 'listener list',
});

// 'abort' listeners of one long-lived signal.
class AbortListenerPayload extends Payload {}
const shutdownController = new AbortController();
setMaxListeners(0, shutdownController.signal);
function leakAbortListener(id) {
  const payload = new AbortListenerPayload(id);
  const onAbort = () => payload.use();
  shutdownController.signal.addEventListener('abort', onAbort);
  if (FIXED) shutdownController.signal.removeEventListener('abort', onAbort);
}
kind({
  name: 'abort-listener',
  run: leakAbortListener,
  grows: 'AbortListenerPayload',
  holder: 'shutdownController',
  how: 'listener list of its signal',
});

// A signal that depends on a long-lived one, with a listener of its own.
class AbortAnyPayload extends Payload {}
const drainController = new AbortController();
function leakAbortAny(id) {
  const payload = new AbortAnyPayload(id);
  const onAbort = () => payload.use();
  // The fixed form does not make a dependent signal: some versions of Node keep
  // a WeakRef of each in the long-lived signal.
  const signal = FIXED ? drainController.signal : AbortSignal.any([drainController.signal]);
  signal.addEventListener('abort', onAbort);
  if (FIXED) signal.removeEventListener('abort', onAbort);
}
kind({
  name: 'abort-any',
  run: leakAbortAny,
  grows: 'AbortAnyPayload',
  holder: 'drainController',
  how: 'listener of a signal made by AbortSignal.any, which Node keeps while it has one',
});

// AbortSignal.timeout far in the future, with a listener.
class AbortTimeoutPayload extends Payload {}
function leakAbortTimeout(id) {
  const payload = new AbortTimeoutPayload(id);
  const onAbort = () => payload.use();
  const signal = AbortSignal.timeout(HOUR);
  signal.addEventListener('abort', onAbort);
  if (FIXED) signal.removeEventListener('abort', onAbort);
}
kind({
  name: 'abort-timeout',
  run: leakAbortTimeout,
  grows: 'AbortTimeoutPayload',
  holder: 'AbortSignal',
  how: 'listener of a signal of AbortSignal.timeout, which Node keeps while it has one',
});

// Listeners of `process`.
class ProcessListenerPayload extends Payload {}
process.setMaxListeners(0);
function leakProcessListener(id) {
  const payload = new ProcessListenerPayload(id);
  const onReload = () => payload.use();
  process.on('kinds:reload', onReload);
  if (FIXED) process.off('kinds:reload', onReload);
}
kind({
  name: 'process-listener',
  run: leakProcessListener,
  grows: 'ProcessListenerPayload',
  holder: 'process',
  how: 'listener array of one event',
});

// Subscribers of a diagnostics channel; no variable holds the channel.
class DiagnosticsPayload extends Payload {}
function leakDiagnosticsSubscriber(id) {
  const payload = new DiagnosticsPayload(id);
  const onMessage = () => payload.use();
  diagnosticsChannel.subscribe('kinds:diagnostics', onMessage);
  if (FIXED) diagnosticsChannel.unsubscribe('kinds:diagnostics', onMessage);
}
kind({
  name: 'diagnostics-subscriber',
  run: leakDiagnosticsSubscriber,
  grows: 'DiagnosticsPayload',
  holder: 'kinds:diagnostics',
  how: 'subscriber array of a channel',
});

// `for await` over events.on(), never ended.
class EventsOnPayload extends Payload {}
const tickEmitter = new EventEmitter().setMaxListeners(0);
async function consumeTicks(payload, signal) {
  for await (const tick of on(tickEmitter, 'tick', { signal })) payload.use(tick);
}
async function leakEventsOn(id) {
  const stop = FIXED ? new AbortController() : undefined;
  const consumer = consumeTicks(new EventsOnPayload(id), stop?.signal);
  if (FIXED) {
    stop.abort();
    await consumer.catch(noop);
  }
}
kind({
  name: 'events-on',
  run: leakEventsOn,
  grows: 'EventsOnPayload',
  holder: 'tickEmitter',
  how: 'listener of an async iterator that a suspended async function reads',
});

// ---------------------------------------------------------------------------
// Timers
// ---------------------------------------------------------------------------

// setTimeout far in the future, all with one delay: one timer list.
class TimeoutPayload extends Payload {}
function leakTimeout(id) {
  const payload = new TimeoutPayload(id);
  const timer = setTimeout(() => payload.use(), HOUR);
  if (FIXED) clearTimeout(timer);
}
kind({
  name: 'timeout',
  run: leakTimeout,
  grows: 'TimeoutPayload',
  holder: 'Timeout',
  how: 'pending timer',
});

// setTimeout with a delay of its own for each: as many timer lists.
class TimeoutDelayPayload extends Payload {}
function leakTimeoutDelay(id) {
  const payload = new TimeoutDelayPayload(id);
  const timer = setTimeout(() => payload.use(), 2 * HOUR + id);
  if (FIXED) clearTimeout(timer);
}
kind({
  name: 'timeout-delay',
  run: leakTimeoutDelay,
  grows: 'TimeoutDelayPayload',
  holder: 'Timeout',
  how: 'pending timer, each in a timer list of its own',
});

// setInterval never cleared.
class IntervalPayload extends Payload {}
function leakInterval(id) {
  const payload = new IntervalPayload(id);
  const timer = setInterval(() => payload.use(), HOUR + 1);
  if (FIXED) clearInterval(timer);
}
kind({
  name: 'interval',
  run: leakInterval,
  grows: 'IntervalPayload',
  holder: 'Timeout',
  how: 'repeating timer',
});

// A setImmediate that schedules itself for ever. It is unref'd: so it runs once
// for each turn of the event loop, but does not make the loop spin.
class ImmediatePayload extends Payload {}
function leakImmediate(id) {
  const payload = new ImmediatePayload(id);
  let immediate;
  function poll() {
    payload.use();
    immediate = setImmediate(poll).unref();
  }
  poll();
  if (FIXED) clearImmediate(immediate);
}
kind({
  name: 'immediate',
  run: leakImmediate,
  grows: 'ImmediatePayload',
  holder: 'Immediate',
  how: 'queue of immediates',
});

// timers/promises: awaits a delay of an hour.
class TimerPromisePayload extends Payload {}
async function sleepThenUse(payload, signal) {
  await timersPromises.setTimeout(HOUR + 2, undefined, { signal });
  payload.use();
}
async function leakTimerPromise(id) {
  const stop = FIXED ? new AbortController() : undefined;
  const sleeper = sleepThenUse(new TimerPromisePayload(id), stop?.signal);
  if (FIXED) {
    stop.abort();
    await sleeper.catch(noop);
  }
}
kind({
  name: 'timer-promise',
  run: leakTimerPromise,
  grows: 'TimerPromisePayload',
  holder: 'Timeout',
  how: 'pending timer that resolves what an async function awaits',
});

// ---------------------------------------------------------------------------
// Promises and async functions
// ---------------------------------------------------------------------------

// `.then` on a long-lived promise that never settles.
class ThenPayload extends Payload {}
const neverReady = never();
function leakThen(id) {
  const payload = new ThenPayload(id);
  const done = deferred();
  const ready = FIXED ? done.promise : neverReady;
  ready.then(() => payload.use());
  done.resolve();
}
kind({
  name: 'promise-then',
  run: leakThen,
  grows: 'ThenPayload',
  holder: 'neverReady',
  how: 'reaction of a pending promise',
});

// Promise.race of some work against a long-lived promise that never settles.
// The work finishes, but its result stays with the long-lived promise. V8 14
// (Node 26) lets go of the result when the race is over; the reactions stay.
const raceKeepsResult = Number.parseInt(process.versions.v8, 10) < 14;
class RacePayload extends Payload {}
const neverStopped = never();
async function leakRace(id) {
  const done = deferred();
  const stopped = FIXED ? done.promise : neverStopped;
  await Promise.race([stopped, Promise.resolve(new RacePayload(id))]);
  done.resolve();
}
kind({
  name: 'promise-race',
  run: leakRace,
  grows: raceKeepsResult ? 'RacePayload' : null,
  measure: raceKeepsResult ? 'objects' : 'reactions',
  holder: 'neverStopped',
  how: 'reaction of a pending promise, by Promise.race',
  note: raceKeepsResult ? undefined : 'this version of V8 drops the result, only reactions grow',
});

// An async function that awaits a long-lived promise that never settles.
class AwaitPayload extends Payload {}
const neverConnected = never();
async function awaitThenUse(payload, connected) {
  await connected;
  payload.use();
}
async function leakAwait(id) {
  const finished = awaitThenUse(new AwaitPayload(id), FIXED ? undefined : neverConnected);
  if (FIXED) await finished;
}
kind({
  name: 'async-await',
  run: leakAwait,
  grows: 'AwaitPayload',
  holder: 'neverConnected',
  how: 'suspended async function',
});

// The same through two more async functions, each awaiting the next.
class AwaitChainPayload extends Payload {}
const neverLocked = never();
async function withLock(locked) {
  await locked;
}
async function withTransaction(locked) {
  await withLock(locked);
}
async function saveOrder(payload, locked) {
  await withTransaction(locked);
  payload.use();
}
async function leakAwaitChain(id) {
  const finished = saveOrder(new AwaitChainPayload(id), FIXED ? undefined : neverLocked);
  if (FIXED) await finished;
}
kind({
  name: 'async-chain',
  run: leakAwaitChain,
  grows: 'AwaitChainPayload',
  holder: 'neverLocked',
  how: 'chain of suspended async functions',
});

// Requests that wait for a reply: a Map of resolve functions, and an async
// function suspended on each promise.
class ReplyPayload extends Payload {}
const pendingReplies = new Map();
async function requestReply(id, payload) {
  await new Promise((resolve) => pendingReplies.set(id, resolve));
  payload.use();
}
async function leakPendingReply(id) {
  const finished = requestReply(id, new ReplyPayload(id));
  if (FIXED) {
    pendingReplies.get(id)();
    pendingReplies.delete(id);
    await finished;
  }
}
kind({
  name: 'async-resolver-map',
  run: leakPendingReply,
  grows: 'ReplyPayload',
  holder: 'pendingReplies',
  how: 'Map of resolve functions of promises that async functions await',
});

// An async generator suspended on a long-lived promise that never settles.
class AsyncGeneratorPayload extends Payload {}
const neverFetched = never();
async function* fetchPages(payload, fetched) {
  await fetched;
  yield payload.use();
}
async function leakAsyncGenerator(id) {
  const pages = fetchPages(new AsyncGeneratorPayload(id), FIXED ? undefined : neverFetched);
  const page = pages.next();
  if (FIXED) {
    await page;
    await pages.return();
  }
}
kind({
  name: 'async-generator',
  run: leakAsyncGenerator,
  grows: 'AsyncGeneratorPayload',
  holder: 'neverFetched',
  how: 'suspended async generator',
});

// AsyncLocalStorage: the store of a run() stays with a pending timer.
class AlsTimerStore extends Payload {}
const requestStorage = new AsyncLocalStorage();
function leakAlsTimer(id) {
  const timer = requestStorage.run(new AlsTimerStore(id), () => setTimeout(noop, HOUR + 3));
  if (FIXED) clearTimeout(timer);
}
kind({
  name: 'als-timer',
  run: leakAlsTimer,
  grows: 'AlsTimerStore',
  holder: 'Timeout',
  how: 'AsyncLocalStorage store of a pending timer',
});

// AsyncLocalStorage: the store stays with a reaction of a promise that never settles.
class AlsPromiseStore extends Payload {}
const jobStorage = new AsyncLocalStorage();
const neverFlushed = never();
function leakAlsPromise(id) {
  const done = deferred();
  const flushed = FIXED ? done.promise : neverFlushed;
  jobStorage.run(new AlsPromiseStore(id), () => { flushed.then(noop); });
  done.resolve();
}
kind({
  name: 'als-promise',
  run: leakAlsPromise,
  grows: 'AlsPromiseStore',
  holder: 'neverFlushed',
  how: 'AsyncLocalStorage store of a reaction of a pending promise',
});

// ---------------------------------------------------------------------------
// Closures, generators, functions
// ---------------------------------------------------------------------------

// Functions in an array, each with a context that holds a payload.
class ClosurePayload extends Payload {}
const cleanupTasks = [];
function leakClosure(id) {
  const payload = new ClosurePayload(id);
  cleanupTasks.push(() => payload.use());
  if (FIXED) cleanupTasks.pop();
}
kind({
  name: 'closure',
  run: leakClosure,
  grows: 'ClosurePayload',
  holder: 'cleanupTasks',
  how: 'contexts of functions in an array',
});

// A chain of contexts: two functions share one context, and the one that lives
// on thereby holds what only the other one uses, the thing before it.
class ChainedThing extends Payload {}
let theThing = null;
function leakContextChain(id) {
  let originalThing = theThing;
  // Nobody calls this function, but it puts originalThing into the context.
  const unused = () => originalThing?.use();
  theThing = new ChainedThing(id);
  theThing.describe = () => unused.name + id;
  if (FIXED) originalThing = null;
}
kind({
  name: 'context-chain',
  run: leakContextChain,
  grows: 'ChainedThing',
  fixed: [1, 1, 1],
  holder: 'theThing',
  how: 'chain of contexts, each holding the thing before',
});

// Bound functions in an array; the payload is a bound argument.
class BoundPayload extends Payload {}
const boundHandlers = [];
function handleBound(payload) {
  return payload.use();
}
function leakBoundFunction(id) {
  boundHandlers.push(handleBound.bind(null, new BoundPayload(id)));
  if (FIXED) boundHandlers.pop();
}
kind({
  name: 'bound-function',
  run: leakBoundFunction,
  grows: 'BoundPayload',
  holder: 'boundHandlers',
  how: 'arguments of bound functions in an array',
});

// Suspended generators in an array.
class GeneratorPayload extends Payload {}
const suspendedCursors = [];
function* readRows(payload) {
  yield 1;
  yield payload.use();
}
function leakGenerator(id) {
  const rows = readRows(new GeneratorPayload(id));
  rows.next();
  suspendedCursors.push(rows);
  if (FIXED) suspendedCursors.pop().return();
}
kind({
  name: 'generator',
  run: leakGenerator,
  grows: 'GeneratorPayload',
  holder: 'suspendedCursors',
  how: 'suspended generators in an array',
});

// A memoised function: its cache is a Map that only a context holds.
class MemoPayload extends Payload {}
function memoize(compute) {
  const memo = new Map();
  return (key) => {
    if (!memo.has(key)) memo.set(key, compute(key));
    const value = memo.get(key);
    if (FIXED) memo.delete(key);
    return value;
  };
}
const priceOf = memoize((id) => new MemoPayload(id));
function leakMemo(id) {
  priceOf(id);
}
kind({
  name: 'memo',
  run: leakMemo,
  grows: 'MemoPayload',
  holder: 'memo',
  how: 'Map in the context of a memoised function',
});

// A cache that is a property of a function.
class FunctionCachePayload extends Payload {}
function lookupUser(id) {
  lookupUser.cache[`user:${id}`] = new FunctionCachePayload(id);
}
lookupUser.cache = {};
function leakFunctionProperty(id) {
  lookupUser(id);
  if (FIXED) delete lookupUser.cache[`user:${id}`];
}
kind({
  name: 'function-property',
  run: leakFunctionProperty,
  grows: 'FunctionCachePayload',
  holder: 'lookupUser.cache',
  how: 'object with string keys, a property of a function',
});

// Functions compiled from source text, kept in an array.
const compiledTemplates = [];
function leakCompiledFunction(id) {
  compiledTemplates.push(new Function('row', `return row.field${id} + ${id};`));
  if (FIXED) compiledTemplates.pop();
}
kind({
  name: 'compiled-function',
  run: leakCompiledFunction,
  rounds: MEDIUM,
  grows: null,
  measure: 'elements',
  holder: 'compiledTemplates',
  how: 'compiled functions in an array',
  note: 'closures named "anonymous", each with a Script of its own',
});

// ---------------------------------------------------------------------------
// Collections and properties
// ---------------------------------------------------------------------------

// A Map in a module variable.
class MapPayload extends Payload {}
const sessionsById = new Map();
function leakMap(id) {
  sessionsById.set(`session:${id}`, new MapPayload(id));
  if (FIXED) sessionsById.delete(`session:${id}`);
}
kind({ name: 'map', run: leakMap, grows: 'MapPayload', holder: 'sessionsById', how: 'Map' });

// A Set in a module variable.
class SetPayload extends Payload {}
const activeJobs = new Set();
function leakSet(id) {
  const payload = new SetPayload(id);
  activeJobs.add(payload);
  if (FIXED) activeJobs.delete(payload);
}
kind({ name: 'set', run: leakSet, grows: 'SetPayload', holder: 'activeJobs', how: 'Set' });

// A WeakMap whose keys are held strongly elsewhere.
class WeakMapKey extends Payload {}
class WeakMapPayload extends Payload {}
const requestMeta = new WeakMap();
const knownRequests = new Set();
function leakWeakMap(id) {
  const key = new WeakMapKey(id);
  knownRequests.add(key);
  requestMeta.set(key, new WeakMapPayload(id));
  if (FIXED) knownRequests.delete(key);
}
kind({
  name: 'weak-map',
  run: leakWeakMap,
  grows: 'WeakMapPayload',
  also: ['WeakMapKey'],
  holder: 'knownRequests',
  how: 'value of the WeakMap requestMeta, whose keys a Set holds',
});

// A WeakMap whose keys were there before and stay: only the values are new.
class Device {}
class DevicePayload extends Payload {}
const deviceState = new WeakMap();
const devices = [];
function leakWeakMapValue(id) {
  deviceState.set(devices[id], new DevicePayload(id));
  if (FIXED) deviceState.delete(devices[id]);
}
kind({
  name: 'weak-map-value',
  setup: () => { for (let count = FULL[0] + FULL[1] + FULL[2]; count > 0; count -= 1) devices.push(new Device()); },
  run: leakWeakMapValue,
  grows: 'DevicePayload',
  holder: 'devices',
  how: 'value of the WeakMap deviceState, whose keys are in an array from the start',
});

// An array in a module variable.
class ArrayPayload extends Payload {}
const auditTrail = [];
function leakArray(id) {
  auditTrail.push(new ArrayPayload(id));
  if (FIXED) auditTrail.pop();
}
kind({ name: 'array', run: leakArray, grows: 'ArrayPayload', holder: 'auditTrail', how: 'array' });

// A Map of a few arrays: none of them grows alone.
class TenantPayload extends Payload {}
const eventsByTenant = new Map(['north', 'east', 'south', 'west'].map((name) => [name, []]));
function leakNestedMap(id) {
  const tenant = ['north', 'east', 'south', 'west'][id % 4];
  eventsByTenant.get(tenant).push(new TenantPayload(id));
  if (FIXED) eventsByTenant.get(tenant).pop();
}
kind({
  name: 'nested-map',
  run: leakNestedMap,
  grows: 'TenantPayload',
  holder: 'eventsByTenant',
  how: 'four arrays in a Map',
});

// A plain object used as a dictionary, with numbers as values: only the table
// itself and the names of the keys grow, no constructor.
const hitCounters = {};
function leakDictionaryNumbers(id) {
  hitCounters[`hits-of-user-${id}`] = id;
  if (FIXED) delete hitCounters[`hits-of-user-${id}`];
}
kind({
  name: 'dictionary-numbers',
  run: leakDictionaryNumbers,
  grows: null,
  measure: 'strings',
  strings: 'hits-of-user-',
  holder: 'hitCounters',
  how: 'plain object in dictionary mode, small integers as values',
});

// Numbers in an array, 100 for each operation: only its backing store grows.
const responseTimes = [];
function leakNumbers(id) {
  for (let count = 0; count < 100; count += 1) responseTimes.push(id + count / 8);
  if (FIXED) responseTimes.length = 0;
}
kind({
  name: 'numbers',
  run: leakNumbers,
  grows: null,
  measure: 'numbers',
  counts: runningTotals(FULL).map((operations) => 100 * operations),
  holder: 'responseTimes',
  how: 'numbers in an array, which are no objects',
});

// The same with strings as values.
const lastSeen = {};
function leakDictionaryStrings(id) {
  lastSeen[`seen-user-${id}`] = flat(`seen-value-${id}`);
  if (FIXED) delete lastSeen[`seen-user-${id}`];
}
kind({
  name: 'dictionary-strings',
  run: leakDictionaryStrings,
  grows: null,
  measure: 'strings',
  strings: 'seen-value-',
  holder: 'lastSeen',
  how: 'plain object in dictionary mode, strings as values',
});

// A static field of a class.
class StaticPayload extends Payload {}
class PluginRegistry {
  static entries = new Map();
}
function leakStaticField(id) {
  PluginRegistry.entries.set(id, new StaticPayload(id));
  if (FIXED) PluginRegistry.entries.delete(id);
}
kind({
  name: 'static-field',
  run: leakStaticField,
  grows: 'StaticPayload',
  holder: 'PluginRegistry.entries',
  how: 'Map in a static field of a class',
});

// A private field.
class PrivatePayload extends Payload {}
class OutboxQueue {
  #items = [];

  add(payload) {
    this.#items.push(payload);
    if (FIXED) this.#items.pop();
  }
}
const outboxQueue = new OutboxQueue();
function leakPrivateField(id) {
  outboxQueue.add(new PrivatePayload(id));
}
kind({
  name: 'private-field',
  run: leakPrivateField,
  grows: 'PrivatePayload',
  holder: 'OutboxQueue#items',
  how: 'array in a private field',
});

// A property whose key is a symbol.
class SymbolPayload extends Payload {}
const kLedger = Symbol('ledger');
const ledgerOwner = { [kLedger]: [] };
function leakSymbolProperty(id) {
  ledgerOwner[kLedger].push(new SymbolPayload(id));
  if (FIXED) ledgerOwner[kLedger].pop();
}
kind({
  name: 'symbol-property',
  run: leakSymbolProperty,
  grows: 'SymbolPayload',
  holder: 'ledgerOwner[Symbol(ledger)]',
  how: 'array in a property with a symbol as key',
});

// A doubly linked list.
class ListPayload extends Payload {}
class ListNode {
  constructor(value) {
    this.value = value;
    this.prev = null;
    this.next = null;
  }
}
class RecentList {
  head = null;

  add(value) {
    const node = new ListNode(value);
    node.next = this.head;
    if (this.head) this.head.prev = node;
    this.head = node;
  }

  removeFirst() {
    this.head = this.head.next;
    if (this.head) this.head.prev = null;
  }
}
const recentList = new RecentList();
function leakLinkedList(id) {
  recentList.add(new ListPayload(id));
  if (FIXED) recentList.removeFirst();
}
kind({
  name: 'linked-list',
  run: leakLinkedList,
  grows: 'ListNode',
  also: ['ListPayload'],
  holder: 'recentList',
  how: 'doubly linked list from its property head',
});

// A global variable.
class GlobalPayload extends Payload {}
globalThis.__audit = [];
function leakGlobal(id) {
  globalThis.__audit.push(new GlobalPayload(id));
  if (FIXED) globalThis.__audit.pop();
}
kind({
  name: 'global-variable',
  run: leakGlobal,
  grows: 'GlobalPayload',
  holder: '__audit',
  how: 'array in a global variable',
});

// Errors in an array, with their stack traces.
class AuditError extends Error {}
const recentErrors = [];
function leakError(id) {
  recentErrors.push(new AuditError(`audit ${id}`));
  if (FIXED) recentErrors.pop();
}
kind({
  name: 'error',
  run: leakError,
  grows: 'AuditError',
  holder: 'recentErrors',
  how: 'errors in an array',
});

// Proxies in an array.
class ProxyPayload extends Payload {}
const wrappedModels = [];
const proxyHandler = {};
function leakProxy(id) {
  wrappedModels.push(new Proxy(new ProxyPayload(id), proxyHandler));
  if (FIXED) wrappedModels.pop();
}
kind({
  name: 'proxy',
  run: leakProxy,
  grows: 'ProxyPayload',
  holder: 'wrappedModels',
  how: 'targets of proxies in an array',
});

// A pool that counts what it opened and closed. One in four connections is
// closed: the counters drift apart, and the Set of live ones follows.
class PooledConnection extends Payload {}
const pool = { opened: 0, closed: 0, live: new Set() };
function leakPool(id) {
  const connection = new PooledConnection(id);
  pool.opened += 1;
  pool.live.add(connection);
  if (FIXED || id % 4 === 3) {
    pool.live.delete(connection);
    pool.closed += 1;
  }
}
kind({
  name: 'pool-counters',
  run: leakPool,
  grows: 'PooledConnection',
  counts: runningTotals(FULL).map((opened) => opened - Math.floor(opened / 4)),
  holder: 'pool',
  how: 'Set live of an object with counters opened and closed',
  note: 'one in four is closed; only --numeric snapshots show the counters, and not of Node 18',
});

// A FinalizationRegistry whose held value reaches its own target.
class RegistryTarget extends Payload {}
class RegistryHeld {
  constructor(target) {
    this.target = target;
  }
}
const fileRegistry = new FinalizationRegistry(noop);
function leakFinalizationRegistry(id) {
  const target = new RegistryTarget(id);
  fileRegistry.register(target, FIXED ? id : new RegistryHeld(target));
}
kind({
  name: 'finalization-registry',
  run: leakFinalizationRegistry,
  grows: 'RegistryTarget',
  also: ['RegistryHeld'],
  holder: 'fileRegistry',
  how: 'held value that reaches its own target',
});

// ---------------------------------------------------------------------------
// Strings and memory outside the heap
// ---------------------------------------------------------------------------

// One piece of text in one sequential string (a template makes a concatenation).
function flat(text) {
  return Buffer.from(text, 'latin1').toString('latin1');
}

// Unique strings in an array.
const seenRequestIds = [];
function leakStrings(id) {
  seenRequestIds.push(flat(`request-id-${id}-${crypto.randomBytes(16).toString('hex')}`));
  if (FIXED) seenRequestIds.pop();
}
kind({
  name: 'strings',
  run: leakStrings,
  grows: null,
  measure: 'strings',
  strings: 'request-id-',
  holder: 'seenRequestIds',
  how: 'strings in an array',
});

// Slices that keep their parent string of 20 KiB alive.
const csvFields = [];
function leakSlicedStrings(id) {
  const document = flat(`csv-document-${id};`.padEnd(20 * 1024, 'x'));
  csvFields.push(document.slice(0, 24));
  if (FIXED) csvFields.pop();
}
kind({
  name: 'sliced-strings',
  run: leakSlicedStrings,
  grows: null,
  measure: 'strings',
  strings: 'csv-document-',
  holder: 'csvFields',
  how: 'sliced strings in an array, each with a parent of 20 KiB',
  note: 'the parents start with the prefix; snapshots name the slices "(sliced string)"',
});

// Concatenated strings, never flattened.
const logLines = [];
function leakConcatenatedStrings(id) {
  const first = flat(`log-line-first-${id} `);
  const second = flat(`log-line-second-${id} `);
  logLines.push(first + second);
  if (FIXED) logLines.pop();
}
kind({
  name: 'concatenated-strings',
  run: leakConcatenatedStrings,
  grows: null,
  measure: 'strings',
  strings: 'log-line-second-',
  holder: 'logLines',
  how: 'concatenated strings in an array',
  note: 'the parts start with log-line-first- and log-line-second-; ' +
    'snapshots name the whole "(concatenated string)"',
});

// Buffers of 16 KiB.
const uploadChunks = [];
function leakBuffers(id) {
  uploadChunks.push(Buffer.alloc(16 * 1024, id));
  if (FIXED) uploadChunks.pop();
}
kind({
  name: 'buffers',
  run: leakBuffers,
  grows: 'Buffer',
  measure: 'elements',
  holder: 'uploadChunks',
  how: 'Buffers of 16 KiB in an array, memory outside the heap',
  note: 'other kinds make Buffers too',
});

// Eight bytes each of Buffers of 64 KiB.
const messageHeads = [];
function leakBufferSlices(id) {
  messageHeads.push(Buffer.alloc(64 * 1024, id).subarray(0, 8));
  if (FIXED) messageHeads.pop();
}
kind({
  name: 'buffer-slices',
  run: leakBufferSlices,
  grows: 'Buffer',
  measure: 'elements',
  holder: 'messageHeads',
  how: 'Buffers of 8 bytes in an array, each on memory of 64 KiB',
});

// ArrayBuffers of 4 KiB.
const sampleBlocks = [];
function leakArrayBuffers() {
  sampleBlocks.push(new ArrayBuffer(4096));
  if (FIXED) sampleBlocks.pop();
}
kind({
  name: 'array-buffers',
  run: leakArrayBuffers,
  grows: 'ArrayBuffer',
  measure: 'elements',
  holder: 'sampleBlocks',
  how: 'ArrayBuffers of 4 KiB in an array',
});

// ---------------------------------------------------------------------------
// Files, sockets, native handles
// ---------------------------------------------------------------------------

// ReadStreams opened and never destroyed. Nothing in Node holds an idle
// ReadStream, so a Set does.
class ReadStreamPayload extends Payload {}
const openDownloads = new Set();
const downloadFile = path.join(scratch, 'download.txt');
async function leakReadStream(id) {
  const stream = fs.createReadStream(downloadFile);
  stream.payload = new ReadStreamPayload(id);
  openDownloads.add(stream);
  await once(stream, 'open');
  if (FIXED) {
    openDownloads.delete(stream);
    stream.destroy();
    await once(stream, 'close');
  }
}
kind({
  name: 'read-stream',
  setup: () => fs.writeFileSync(downloadFile, 'download\n'.repeat(8)),
  run: leakReadStream,
  grows: 'ReadStreamPayload',
  also: ['ReadStream'],
  holder: 'openDownloads',
  how: 'open ReadStreams in a Set',
});

// TCP connections kept open, both sides in this process. No variable holds a
// socket: its native handle does.
class SocketClientPayload extends Payload {}
class SocketServerPayload extends Payload {}
const idleServer = net.createServer((socket) => {
  socket.on('error', noop);
  socket.session = new SocketServerPayload(0);
  socket.write('hello\n');
});
async function leakSocket(id) {
  const socket = net.connect(idleServer.address().port, '127.0.0.1');
  socket.payload = new SocketClientPayload(id);
  await once(socket, 'data');
  if (FIXED) {
    socket.end();
    await once(socket, 'close');
  }
}
kind({
  name: 'net-socket',
  setup: () => listen(idleServer),
  run: leakSocket,
  rounds: MEDIUM,
  grows: 'SocketClientPayload',
  also: ['SocketServerPayload'],
  holder: 'Socket',
  how: 'open sockets, held by their native handles',
});

// UDP sockets bound and never closed.
class UdpPayload extends Payload {}
async function leakUdpSocket(id) {
  const payload = new UdpPayload(id);
  const socket = dgram.createSocket('udp4');
  socket.on('message', () => payload.use());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  if (FIXED) {
    socket.close();
    await once(socket, 'close');
  }
}
kind({
  name: 'udp-socket',
  run: leakUdpSocket,
  rounds: SMALL,
  grows: 'UdpPayload',
  holder: 'Socket',
  how: 'bound UDP sockets, held by their native handles',
});

// HTTP/2 client sessions kept open, both sides in this process.
class Http2ClientPayload extends Payload {}
class Http2ServerPayload extends Payload {}
const http2Server = http2.createServer();
http2Server.on('session', (session) => {
  session.on('error', noop);
  session.payload = new Http2ServerPayload(0);
});
async function leakHttp2Session(id) {
  const session = http2.connect(`http://127.0.0.1:${http2Server.address().port}`);
  session.payload = new Http2ClientPayload(id);
  await once(session, 'remoteSettings');
  if (FIXED) {
    session.close();
    await once(session, 'close');
  }
}
kind({
  name: 'http2-session',
  setup: () => listen(http2Server),
  run: leakHttp2Session,
  rounds: SMALL,
  grows: 'Http2ClientPayload',
  also: ['Http2ServerPayload'],
  holder: 'ClientHttp2Session',
  how: 'open sessions, held by their native handles',
});

// HTTP requests that are never answered.
class HungRequestPayload extends Payload {}
class HungResponsePayload extends Payload {}
const hungServer = http.createServer((request, response) => {
  response.payload = new HungResponsePayload(0);
  if (FIXED) response.end('done');
  else hungArrivals.emit('arrived');
});
const hungArrivals = new EventEmitter();
async function leakHungRequest(id) {
  const { port } = hungServer.address();
  const request = http.get({ host: '127.0.0.1', port, agent: false });
  request.payload = new HungRequestPayload(id);
  if (FIXED) {
    request.on('response', (response) => response.resume());
    await once(request, 'close');
  } else {
    await once(hungArrivals, 'arrived');
  }
}
kind({
  name: 'hung-request',
  setup: () => listen(hungServer),
  run: leakHungRequest,
  rounds: SMALL,
  grows: 'HungRequestPayload',
  also: ['HungResponsePayload'],
  holder: 'ClientRequest',
  how: 'requests without an answer, held by their sockets',
});

// A keep-alive agent per operation, never destroyed.
class TenantAgent extends http.Agent {}
const agentServer = http.createServer((request, response) => response.end('done'));
agentServer.keepAliveTimeout = 0;
async function leakHttpAgent() {
  const agent = new TenantAgent({ keepAlive: true });
  const { port } = agentServer.address();
  const request = http.get({ host: '127.0.0.1', port, agent });
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'end');
  if (FIXED) agent.destroy();
}
kind({
  name: 'http-agent',
  setup: () => listen(agentServer),
  run: leakHttpAgent,
  rounds: SMALL,
  grows: 'TenantAgent',
  holder: 'Socket',
  how: 'agents, held by their idle sockets',
});

// MessagePorts with a handler, never closed. No variable holds them.
class PortPayload extends Payload {}
function leakMessagePort(id) {
  const payload = new PortPayload(id);
  const { port1 } = new MessageChannel();
  port1.onmessage = () => payload.use();
  if (FIXED) port1.close();
}
kind({
  name: 'message-port',
  run: leakMessagePort,
  grows: 'PortPayload',
  holder: 'MessagePort',
  how: 'open ports, held by their native handles',
});

// fs.watch watchers never closed.
class WatchPayload extends Payload {}
const watchedFolder = path.join(scratch, 'watched');
function leakWatcher(id) {
  const payload = new WatchPayload(id);
  const watcher = fs.watch(watchedFolder, () => payload.use());
  if (FIXED) watcher.close();
}
kind({
  name: 'fs-watcher',
  setup: () => fs.mkdirSync(watchedFolder),
  run: leakWatcher,
  rounds: MEDIUM,
  grows: 'WatchPayload',
  also: ['FSWatcher'],
  holder: 'FSWatcher',
  how: 'open watchers, held by their native handles',
});

// Native hash states in an array.
const openHashes = [];
function leakHash(id) {
  openHashes.push(crypto.createHash('sha256').update(`hash ${id}`));
  if (FIXED) openHashes.pop().digest();
}
kind({
  name: 'crypto-hash',
  run: leakHash,
  grows: 'Hash',
  counts: runningTotals(FULL).map((operations) => 2 * operations),
  holder: 'openHashes',
  how: 'native hash states in an array',
  note: 'two objects Hash for each operation: the one of JavaScript and its native handle',
});

// Gzip streams in an array, never closed.
const openGzips = [];
async function leakGzip(id) {
  const gzip = zlib.createGzip();
  openGzips.push(gzip);
  await new Promise((done) => gzip.write(`row ${id}\n`, done));
  if (FIXED) {
    openGzips.pop().close();
    await once(gzip, 'close');
  }
}
kind({
  name: 'zlib-gzip',
  run: leakGzip,
  rounds: SMALL,
  grows: 'Gzip',
  holder: 'openGzips',
  how: 'open Gzip streams in an array, each with native memory',
});

// Blobs that a URL keeps alive.
function leakObjectUrl(id) {
  const url = URL.createObjectURL(new Blob([`blob ${id} `.repeat(100)]));
  if (FIXED) URL.revokeObjectURL(url);
}
kind({
  name: 'object-url',
  run: leakObjectUrl,
  rounds: MEDIUM,
  grows: 'Blob',
  holder: 'BlobBindingData',
  how: 'URL.createObjectURL never revoked, held by native code',
  note: 'the native handle of the Blob grows, not the Blob of JavaScript',
});

// Contexts of vm.createContext: heavy, so only 2 + 3 + 3 operations.
class VmPayload extends Payload {}
const tenantContexts = [];
function leakVmContext(id) {
  const context = vm.createContext({ payload: new VmPayload(id) });
  vm.runInContext('var hits = 0; function handle() { return ++hits; }', context);
  tenantContexts.push(context);
  if (FIXED) tenantContexts.pop();
}
kind({
  name: 'vm-context',
  run: leakVmContext,
  rounds: TINY,
  grows: 'VmPayload',
  holder: 'tenantContexts',
  how: 'vm contexts in an array',
  note: 'heavy, so only 2 + 3 + 3 operations',
});

// ---------------------------------------------------------------------------
// Caches of Node itself
// ---------------------------------------------------------------------------

// A new file per operation, loaded with require().
function writePlugin(id) {
  const file = path.join(scratch, `plugin-${id}.js`);
  fs.writeFileSync(file, 'class PluginPayload { hooks = new Array(16).fill(0); }\n' +
    'module.exports = new PluginPayload();\n');
  return file;
}
function leakModule(id) {
  // The fixed form loads one file again and again.
  require(FIXED ? path.join(scratch, 'plugin-0.js') : writePlugin(id));
}
kind({
  name: 'module-cache',
  setup: () => { writePlugin(0); },
  run: leakModule,
  grows: 'PluginPayload',
  fixed: [1, 1, 1],
  holder: 'require.cache',
  how: 'cache of loaded modules',
  note: 'each file has a class PluginPayload of its own, Module grows too',
});

// Marks of the performance timeline, never cleared.
function leakPerformanceMark(id) {
  performance.mark('kinds-mark', { detail: { id } });
  if (FIXED) performance.clearMarks('kinds-mark');
}
kind({
  name: 'performance-mark',
  run: leakPerformanceMark,
  grows: 'PerformanceMark',
  holder: 'performance',
  how: 'buffer of marks inside Node',
});

// console.time without console.timeEnd.
function leakConsoleTime(id) {
  const label = flat(`console-timer-${id}`);
  console.time(label);
  if (FIXED) {
    // timeEnd prints with console.log.
    const { log } = console;
    console.log = noop;
    console.timeEnd(label);
    console.log = log;
  }
}
kind({
  name: 'console-time',
  run: leakConsoleTime,
  grows: null,
  measure: 'strings',
  strings: 'console-timer-',
  holder: 'console',
  how: 'Map of running timers of the console',
});

// ---------------------------------------------------------------------------
// The run
// ---------------------------------------------------------------------------

function parseArguments(words) {
  const parsed = { out: '.', warm: 10, round: 20, fixed: false, only: null, numeric: false, list: false };
  while (words.length > 0) {
    const word = words.shift();
    if (word === '--out') parsed.out = words.shift();
    else if (word === '--warm') parsed.warm = Number(words.shift());
    else if (word === '--round') parsed.round = Number(words.shift());
    else if (word === '--fixed') parsed.fixed = true;
    else if (word === '--only') parsed.only = words.shift().split(',');
    else if (word === '--numeric') parsed.numeric = true;
    else if (word === '--list') parsed.list = true;
    else throw new Error(`unknown argument: ${word}`);
  }
  return parsed;
}

// Several collections with turns of the event loop between, so that
// finalizers run, sockets close and weak things go.
async function collect() {
  for (let turn = 0; turn < 6; turn += 1) {
    globalThis.gc();
    await timersPromises.setTimeout(25);
  }
}

function writeSnapshot(name) {
  const file = path.join(options.out, `${name}.heapsnapshot`);
  v8.writeHeapSnapshot(file, { exposeNumericValues: options.numeric });
}

function runningTotals(rounds) {
  let total = 0;
  return rounds.map((count) => (total += count));
}

function truthOf(entry) {
  const leaking = entry.counts ?? runningTotals(entry.rounds);
  return {
    name: entry.name,
    function: entry.run.name,
    grows: entry.grows,
    also: entry.also,
    measure: entry.measure,
    strings: entry.strings,
    counts: FIXED ? entry.fixed ?? [0, 0, 0] : leaking,
    operations: runningTotals(entry.rounds),
    holder: entry.holder,
    how: entry.how,
    note: entry.note,
  };
}

async function main() {
  if (options.list) {
    console.log(kinds.map((entry) => entry.name).join('\n'));
    return;
  }
  if (!globalThis.gc) throw new Error('start node with --expose-gc');
  const unknown = options.only?.filter((name) => !kinds.some((entry) => entry.name === name));
  if (unknown?.length > 0) throw new Error(`unknown kind: ${unknown.join(', ')}`);
  const chosen = kinds.filter((entry) => !options.only || options.only.includes(entry.name));

  fs.mkdirSync(options.out, { recursive: true });
  for (const entry of chosen) await entry.setup?.();
  const done = new Map(chosen.map((entry) => [entry.name, 0]));
  for (let round = 0; round < 3; round += 1) {
    for (const { name, run, rounds } of chosen) {
      for (let count = 0; count < rounds[round]; count += 1) {
        const id = done.get(name);
        done.set(name, id + 1);
        await run(id);
      }
    }
    await collect();
    writeSnapshot(`t${round}`);
  }
  const truth = {
    program: 'kinds.js',
    node: process.version,
    fixed: FIXED,
    numeric: options.numeric,
    kinds: chosen.map(truthOf),
  };
  fs.writeFileSync(path.join(options.out, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
}

main().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
