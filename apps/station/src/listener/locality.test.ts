import type { IncomingHttpHeaders } from 'node:http';
import { expect, it } from 'vitest';
import { isLocalRequest } from './locality.ts';

const PORT = 8421;
const ask = (method: string, headers: IncomingHttpHeaders, remote = '127.0.0.1'): boolean =>
  isLocalRequest({ method, headers: { host: `localhost:${PORT}`, ...headers }, remote, port: PORT });

it.each([
  ['a typed address', 'GET', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
  ['its own page', 'GET', { 'sec-fetch-site': 'same-origin', origin: `http://localhost:${PORT}` }],
  [
    'a change by its own page',
    'POST',
    { 'sec-fetch-site': 'same-origin', origin: `http://localhost:${PORT}` },
  ],
  [
    'a followed link',
    'GET',
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ],
  ['a tool that sends no such headers', 'GET', {}],
  ['the machine by number', 'POST', { host: `127.0.0.1:${PORT}`, origin: `http://127.0.0.1:${PORT}` }],
])('takes %s', (_what, method, headers) => {
  expect(ask(method, headers)).toBe(true);
});

it.each([
  ['T23 a name that was pointed here', 'GET', { host: `evil.example:${PORT}` }],
  ['the name without the port', 'GET', { host: 'localhost' }],
  ['another port', 'GET', { host: 'localhost:9999' }],
  ['another site, reading', 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  [
    'another site in a frame',
    'GET',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ],
  ['another site, changing', 'POST', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  [
    'another site that followed a form',
    'POST',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ],
  [
    'the app on the next port, changing',
    'POST',
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:8420' },
  ],
  ['a change without an origin', 'POST', {}],
  ['no origin at all', 'POST', { origin: 'null' }],
  ['another of its own names as origin', 'POST', { origin: `http://127.0.0.1:${PORT}` }],
  ['a proxy', 'GET', { 'x-forwarded-for': '203.0.113.5' }],
  ['a proxy by the standard', 'GET', { forwarded: 'for=203.0.113.5' }],
])('refuses %s', (_what, method, headers) => {
  expect(ask(method, headers)).toBe(false);
});

it('refuses another machine, whatever it says', () => {
  for (const remote of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1', '127.0.0.1.example', ''])
    expect(ask('GET', {}, remote)).toBe(false);
  for (const remote of ['::1', '::ffff:127.0.0.1', '127.8.9.1']) expect(ask('GET', {}, remote)).toBe(true);
});
