import type { Receipt } from '@baton/client';
import { expect, it } from 'vitest';
import { sortReceipts, summariseReceipts } from './receipt-summary.ts';

const receipt = (name: string, state: Receipt['state'], at = 0): Receipt => ({
  person: {
    kind: 'person',
    id: name as Receipt['person']['id'],
    name,
    jobs: [],
    active: true,
    keysChanged: null,
    verified: true,
    problem: null,
    fingerprint: '',
  },
  state,
  at,
});

it('names the furthest state and how many reached it', () => {
  const receipts = [receipt('a', 'sent'), receipt('b', 'opened'), receipt('c', 'acknowledged')];
  expect(summariseReceipts({ state: 'acknowledged', receipts })).toEqual({
    state: 'acknowledged',
    count: 1,
    of: 3,
  });
  expect(summariseReceipts({ state: 'opened', receipts: receipts.slice(0, 2) })).toEqual({
    state: 'opened',
    count: 1,
    of: 2,
  });
  expect(summariseReceipts({ state: 'sent', receipts: [receipt('a', 'sent')] })).toEqual({ state: 'sent' });
});

it('never says delivered of what has not left or has failed', () => {
  expect(summariseReceipts({ state: 'waiting', receipts: [receipt('a', 'opened')] })).toEqual({
    state: 'waiting',
  });
  expect(summariseReceipts({ state: 'failed', receipts: [] })).toEqual({ state: 'failed' });
});

it('lists the furthest first, then the earliest', () => {
  const names = sortReceipts([
    receipt('sent', 'sent'),
    receipt('late', 'opened', 9),
    receipt('early', 'opened', 3),
    receipt('ack', 'acknowledged', 12),
  ]).map(({ person }) => person.name);
  expect(names).toEqual(['ack', 'early', 'late', 'sent']);
});
