import { makeId } from '@baton/kernel';
import { practiceCardSchema } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { owedFor } from './owed-ask.ts';

const idOf = <K extends 'role' | 'queue'>(kind: K, n: number) => makeId(kind, new Uint8Array(16).fill(n));
const [desk, onCall, refills] = [idOf('queue', 1), idOf('role', 2), idOf('role', 3)];
const words = { en: 'x', es: 'x' };
const card = practiceCardSchema.parse({
  t: 'card',
  name: 'Harbor Family Practice',
  about: 'Rosa',
  phone: '+1 555 0100',
  replyTime: words,
  hours: { timeZone: 'America/Chicago', open: [] },
  afterHours: words,
  topics: [
    { id: 'refill', en: 'Refill', es: 'Receta', askTo: refills },
    { id: 'bill', en: 'Bill', es: 'Cuenta', askTo: null },
  ],
  askTo: desk,
  withinMs: 86_400_000,
  urgentTo: onCall,
  urgentWithinMs: 600_000,
  boxTo: [onCall],
});

describe('what a patient asks', () => {
  it('is a reply of whom the card names for the topic', () => {
    const reply = { contract: 'reply', withinMs: 86_400_000 };
    expect(owedFor(card, {}, false)).toEqual({ ...reply, to: [desk] });
    expect(owedFor(card, { topic: 'refill' }, false)).toEqual({ ...reply, to: [refills] });
    expect(owedFor(card, { topic: 'bill' }, false)).toEqual({ ...reply, to: [desk] });
    expect(owedFor(card, { topic: 'of an older card' }, false)).toEqual({ ...reply, to: [desk] });
  });

  it('is stat where the message is urgent, whatever its topic', () => {
    const stat = { contract: 'stat', to: [onCall], withinMs: 600_000 };
    expect(owedFor(card, { topic: 'refill' }, true)).toEqual(stat);
    expect(owedFor(card, { flags: [{ rule: 'chest-pain', version: '1' }] }, false)).toEqual(stat);
    expect(owedFor(card, { flags: [] }, false).contract).toBe('reply');
  });

  it('is nothing before there is a card', () => {
    expect(owedFor(null, { topic: 'refill' }, true)).toEqual({ contract: 'fyi', to: [], withinMs: null });
  });
});
