/**
 * The load: commands as JSON lines on standard input, one JSON line back for each.
 *
 *   {op: 'connect', dialect, address, origin, seats, perSecond}  seats 2n and 2n+1 are a pair
 *   {op: 'burst'}       every pair sets up a call of 30 messages in the same instant
 *   {op: 'setups', perSecond, messages: 'batched' | 'trickled'}  one call set-up per pair
 *   {op: 'paced', perSecond, seconds}   open loop: does not wait for what it sent
 *   {op: 'closed', inFlight, seconds}   closed loop: as fast as the server relays
 *   {op: 'flood', seconds, size}        every socket sends without end, and comes back when cut
 *   {op: 'count'}  {op: 'quit'}
 *
 * Latency is from just before a frame is written to just after it is read, both in
 * this process. Everything is bounded in time; what has not come by then is lost.
 */

import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, now } from './client.mjs';
import { dialects } from './dialects.mjs';

const OFFER = 3600;
const ANSWER = 2400;
const CANDIDATE = 200;
const CANDIDATES = 14;
const WAIT_MS = 20_000;
const RETURN_MS = 20;

/** @type {Client[]} */
let clients = [];
/** @type {{address: string, origin: string}} */
let server = { address: '', origin: '' };

const pairs = () => clients.filter((_, n) => n % 2 === 0).map((a, n) => [a, clients[2 * n + 1]]);
const share = (/** @type {number[]} */ sorted, /** @type {number} */ part) =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null;

function summary(/** @type {number[]} */ times) {
  const sorted = Float64Array.from(times).sort();
  const list = /** @type {number[]} */ (/** @type {unknown} */ (sorted));
  return { n: times.length, p50: share(list, 0.5), p99: share(list, 0.99), max: share(list, 1) };
}

async function until(/** @type {() => boolean} */ done, waitMs = WAIT_MS) {
  const deadline = now() + waitMs;
  while (!done() && now() < deadline) await sleep(5);
  return done();
}

/** Does `act` for each item, `perSecond` of them, in order. */
async function pace(/** @type {any[]} */ items, /** @type {number} */ perSecond, /** @type {(item: any) => void} */ act) {
  const start = now();
  for (let done = 0; done < items.length; ) {
    const due = Math.min(items.length, Math.floor(((now() - start) / 1000) * perSecond) + 1);
    while (done < due) act(items[done++]);
    await sleep(1);
  }
}

function listen(/** @type {number[]} */ times) {
  for (const client of clients) client.onText = (sent) => times.push(now() - sent);
}

const refusals = () => {
  /** @type {Record<string, number>} */
  const counted = {};
  for (const code of clients.flatMap((client) => client.refusals)) {
    counted[code] = (counted[code] ?? 0) + 1;
  }
  return counted;
};
const open = () => clients.filter((client) => client.open).length;

/** @type {Record<string, (command: any) => Promise<object>>} */
const operations = {
  async connect({ dialect, address, origin, seats, perSecond }) {
    server = { address, origin };
    const first = clients.length;
    await pace(seats, perSecond, (seat) => clients.push(new Client(dialects[dialect], seat, server)));
    const fresh = clients.slice(first);
    const ready = (/** @type {Client} */ client) =>
      client.inside && (dialect !== 'product' || client.other);
    await until(() => fresh.every(ready));
    return {
      entered: fresh.filter(ready).length,
      wanted: seats.length,
      handshake_ms: summary(fresh.map(({ at }) => at.open - at.connect)),
      enter_ms: summary(fresh.filter((client) => client.inside).map(({ at }) => at.entered - at.open)),
      refusals: refusals(),
    };
  },

  async burst() {
    /** @type {number[]} */
    const times = [];
    listen(times);
    const start = now();
    let last = start;
    for (const [a, b] of pairs()) {
      for (const client of [a, b]) {
        client.onText = (sent) => {
          last = now();
          times.push(last - sent);
        };
      }
      const candidates = (/** @type {Client} */ client) => {
        for (let n = 0; n < CANDIDATES; n += 1) client.sendStamped('candidate', CANDIDATE);
      };
      a.sendStamped('offer', OFFER);
      candidates(a);
      b.sendStamped('answer', ANSWER);
      candidates(b);
    }
    const wanted = pairs().length * (2 + 2 * CANDIDATES);
    await until(() => times.length >= wanted);
    const seconds = (last - start) / 1000;
    return { wanted, lost: wanted - times.length, per_second: times.length / seconds, ms: summary(times), open: open(), refusals: refusals() };
  },

  async setups({ perSecond, messages }) {
    /** @type {number[]} */
    const times = [];
    listen(times);
    const batches = messages === 'batched' ? 1 : CANDIDATES;
    const size = messages === 'batched' ? CANDIDATE * 4 : CANDIDATE;
    await pace(pairs(), perSecond, ([a, b]) => {
      for (const [client, kind, bytes] of [[a, 'offer', OFFER], [b, 'answer', ANSWER]]) {
        client.sendStamped(kind, bytes);
        for (let n = 0; n < batches; n += 1) client.sendStamped('candidate', size);
      }
    });
    const wanted = pairs().length * 2 * (1 + batches);
    await until(() => times.length >= wanted);
    return { setups: pairs().length, wanted, lost: wanted - times.length, ms: summary(times) };
  },

  async paced({ perSecond, seconds }) {
    /** @type {number[]} */
    const times = [];
    listen(times);
    const wanted = Math.floor(perSecond * seconds);
    const order = Array.from({ length: wanted }, (_, n) => clients[(n * 7919) % clients.length]);
    await pace(order, perSecond, (client) => client.sendStamped('candidate', CANDIDATE));
    await until(() => times.length >= wanted, 5000);
    return { wanted, lost: wanted - times.length, ms: summary(times), open: open(), refusals: refusals() };
  },

  async closed({ inFlight, seconds }) {
    /** @type {number[]} */
    const times = [];
    let running = true;
    for (const [a, b] of pairs()) {
      for (const [from, to] of [[a, b], [b, a]]) {
        to.onText = (sent) => {
          times.push(now() - sent);
          if (running && from.open) from.sendStamped('candidate', 300);
        };
        for (let n = 0; n < inFlight; n += 1) from.sendStamped('candidate', 300);
      }
    }
    await sleep(seconds * 1000);
    running = false;
    const counted = times.length;
    await sleep(500);
    return { per_second: counted / seconds, ms: summary(times), open: open(), refusals: refusals() };
  },

  async flood({ seconds, size }) {
    const deadline = now() + seconds * 1000;
    let frames = 0;
    /** @type {number[]} */
    const cutAfter = [];
    const attack = async (/** @type {Client} */ first) => {
      let client = first;
      while (now() < deadline) {
        if (client.at.closed) await sleep(RETURN_MS); // turned away at the door
        const started = now();
        const chunk = 'x'.repeat(size);
        while (!client.at.closed && now() < deadline) {
          for (let n = 0; n < 50 && !client.at.closed; n += 1) {
            client.sendStamped('candidate', chunk.length);
            frames += 1;
          }
          if (client.socket.writableNeedDrain) await sleep(1);
          else await new Promise(setImmediate);
        }
        if (client.at.closed > started) cutAfter.push(client.at.closed - started);
        client = new Client(client.dialect, client.seat, server);
        const back = client;
        await until(() => back.inside || back.at.closed > 0, 2000);
      }
      client.close();
    };
    await Promise.all(clients.map(attack));
    return { frames, per_second: frames / seconds, cuts: cutAfter.length, cut_ms: summary(cutAfter), refusals: refusals() };
  },

  async count() {
    return { open: open(), of: clients.length, refusals: refusals() };
  },

  async quit() {
    for (const client of clients) client.close();
    clients = [];
    return {};
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  const answer = await operations[command.op](command);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  if (command.op === 'quit') process.exit(0);
}
