import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TicketRefused, TicketSource } from '../../../services/web/static/js/call/ticket.js';

const NOW_S = 1_700_000_000;

/** @param {any} answer @param {{ ticket?: string | null, expiresAt?: string }} [options] */
function source(answer, { ticket = 'first', expiresAt = '' } = {}) {
  /** @type {any[][]} */
  const asked = [];
  const tickets = new TicketSource({
    ticket,
    expiresAt,
    url: 'https://call.test/ticket',
    csrfToken: 'csrf',
    fetch: async (...args) => {
      asked.push(args);
      return answer();
    },
    now: () => NOW_S * 1000,
  });
  return { tickets, asked };
}

/** @param {number} seconds From now. */
const later = (seconds) => new Date((NOW_S + seconds) * 1000).toISOString();
const fresh = () => Response.json({ ticket: 'fresh', expiresAt: later(43_200) });

test('the ticket of the page is used while it is good', async () => {
  const { tickets, asked } = source(fresh, { expiresAt: later(3600) });
  assert.deepEqual([await tickets.current(), asked.length], ['first', 0]);
});

test('a ticket near its end is renewed with the CSRF token', async () => {
  const { tickets, asked } = source(fresh, { expiresAt: later(60) });
  assert.equal(await tickets.current(), 'fresh');
  assert.equal(asked[0]?.[1].headers['X-CSRFToken'], 'csrf');
  assert.deepEqual([await tickets.current(), asked.length], ['fresh', 1]);
});

test('a ticket that the server refused is never used again', async () => {
  const { tickets } = source(fresh);
  tickets.invalidate();
  assert.equal(await tickets.current(), 'fresh');
});

for (const [what, answer] of /** @type {const} */ ([
  ['is away', () => Promise.reject(new TypeError('network'))],
  ['is in trouble', () => new Response('', { status: 503 })],
  ['wants a pause', () => Response.json({ code: 'rate_limited' }, { status: 429 })],
  ['answers nonsense', () => new Response('<html>')],
])) {
  test(`a server that ${what} leaves the old ticket in use`, async () => {
    const { tickets } = source(answer, { expiresAt: later(60) });
    assert.equal(await tickets.current(), 'first');
    tickets.invalidate();
    assert.equal(await tickets.current(), null);
  });
}

test('a refusal is told by its code, an unknown one by a general', async () => {
  const expired = source(() => Response.json({ code: 'room_expired' }, { status: 410 }), {
    ticket: null,
  });
  await assert.rejects(
    expired.tickets.current(),
    (error) => error instanceof TicketRefused && error.code === 'room_expired',
  );
  const odd = source(() => Response.json({ code: 'csrf' }, { status: 403 }), { ticket: null });
  await assert.rejects(
    odd.tickets.current(),
    (error) => error instanceof TicketRefused && error.code === 'ticket_failed',
  );
});

test('a ticket whose end is not known is used until the server refuses it', async () => {
  const { tickets, asked } = source(() => Response.json({ ticket: 'fresh' }));
  assert.deepEqual([await tickets.current(), asked.length], ['first', 0]);
  tickets.invalidate();
  assert.equal(await tickets.current(), 'fresh');
  assert.deepEqual([await tickets.current(), asked.length], ['fresh', 1]);
});
