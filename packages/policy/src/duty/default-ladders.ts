import { makeId, type RoleId } from '@baton/kernel';
import type { Ladder, OrgPolicy } from '@baton/wire';
import type { AskContract } from '../baton/baton-state.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SOURCE =
  'Starting values of this product. No standard gives such times: the organisation sets and signs its own.';

const idOf = (place: number): Ladder['ladder'] => makeId('ladder', new Uint8Array(16).fill(place, 15));

/** Each its own name and id, the same in every organisation: what an organisation starts with, and what holds where a record is missing. */
const DEFAULTS: Readonly<Record<AskContract, Ladder>> = {
  stat: {
    kind: 'ladder',
    ladder: idOf(1),
    name: 'Stat',
    steps: [
      { from: 'open', afterMs: 3 * MINUTE, target: 'owner' },
      { from: 'open', afterMs: 5 * MINUTE, target: 'backup' },
      { from: 'open', afterMs: 10 * MINUTE, target: 'charge' },
      { from: 'open', afterMs: 15 * MINUTE, target: 'supervisor' },
    ],
    repeatMs: 5 * MINUTE,
    followUpMs: HOUR,
    offerMs: 3 * MINUTE,
    source: SOURCE,
    active: true,
  },
  talk: {
    kind: 'ladder',
    ladder: idOf(2),
    name: 'Call me',
    steps: [
      { from: 'open', afterMs: 15 * MINUTE, target: 'backup' },
      { from: 'open', afterMs: 30 * MINUTE, target: 'charge' },
      { from: 'open', afterMs: HOUR, target: 'supervisor' },
    ],
    repeatMs: 30 * MINUTE,
    followUpMs: 4 * HOUR,
    offerMs: 10 * MINUTE,
    source: SOURCE,
    active: true,
  },
  reply: {
    kind: 'ladder',
    ladder: idOf(3),
    name: 'Reply',
    steps: [
      { from: 'deadline', afterMs: 0, target: 'owner' },
      { from: 'deadline', afterMs: HOUR, target: 'backup' },
      { from: 'deadline', afterMs: 4 * HOUR, target: 'charge' },
      { from: 'deadline', afterMs: 8 * HOUR, target: 'supervisor' },
    ],
    repeatMs: 8 * HOUR,
    followUpMs: 48 * HOUR,
    offerMs: 30 * MINUTE,
    source: SOURCE,
    active: true,
  },
};

/** The ladders of an organisation that has decided nothing yet, by contract. */
export function defaultLadders(): Readonly<Record<AskContract, Ladder>> {
  return DEFAULTS;
}

/** The policy of an organisation that has only named its duty supervisor. */
export function defaultPolicy(supervisor: RoleId): OrgPolicy {
  return {
    kind: 'policy',
    supervisor,
    ladders: { reply: DEFAULTS.reply.ladder, talk: DEFAULTS.talk.ladder, stat: DEFAULTS.stat.ladder },
    replyWithinMs: [4 * HOUR, HOUR, 24 * HOUR],
    talkWithinMs: 30 * MINUTE,
    statWithinMs: 5 * MINUTE,
    opening: 'reply',
    notices: {
      stat: { pushMs: 0, textMs: MINUTE },
      talk: { pushMs: 30_000, textMs: 5 * MINUTE },
      reply: { pushMs: MINUTE, textMs: HOUR },
    },
    callback: null,
  };
}
