import { describe, expect, it } from 'vitest';
import type { Receipt } from '../api/conversations.ts';
import type { Person } from '../api/directory.ts';
import { idOf } from '../fixtures/ids.ts';
import { addressedIn } from './addressed.ts';
import { summariseReceipts } from './receipts.ts';

const person = (number: number, kind: Person['kind']): Person => ({
  kind,
  id: idOf('account', number),
  name: `${kind} ${number}`,
  jobs: [],
  active: true,
  keysChanged: null,
  verified: true,
  problem: null,
  fingerprint: '',
});
const [me, colleague, agent, patient, mother] = [
  person(1, 'person'),
  person(2, 'person'),
  person(3, 'agent'),
  person(4, 'patient'),
  person(5, 'patient'),
] as [Person, Person, Person, Person, Person];
const everybody = [me, colleague, agent, patient, mother];
const of = (who: Person, state: Receipt['state']): Receipt => ({ person: who, state, at: 1 });

function summary(kind: 'patient' | 'group', self: Person, members: readonly Person[], receipts: Receipt[]) {
  const addressed = addressedIn({
    kind,
    members: [...members.map(({ id }) => id), idOf('role', 9)],
    me: self,
    person: (id) => everybody.find((known) => known.id === id) ?? me,
  });
  return summariseReceipts(receipts, addressed);
}

describe('what became of a message', () => {
  it('to a patient is what the patient and everybody who speaks for them has done, whoever else has looked', () => {
    const members = [agent, patient, mother];
    const looks = [of(colleague, 'opened'), of(agent, 'opened')];
    expect(summary('patient', me, members, [...looks, of(patient, 'opened'), of(mother, 'sent')])).toBe(
      'sent',
    );
    expect(summary('patient', me, members, [...looks, of(patient, 'opened'), of(mother, 'delivered')])).toBe(
      'delivered',
    );
    expect(summary('patient', me, members, [...looks, of(patient, 'opened'), of(mother, 'opened')])).toBe(
      'opened',
    );
  });

  it('to a patient who has not come in yet is sent', () => {
    expect(summary('patient', me, [agent], [of(colleague, 'opened'), of(agent, 'delivered')])).toBe('sent');
  });

  it('of a patient is what the practice has done, not an assistant or a proxy', () => {
    const members = [agent, patient, mother];
    expect(summary('patient', patient, members, [of(agent, 'opened'), of(mother, 'opened')])).toBe('sent');
    expect(summary('patient', patient, members, [of(agent, 'opened'), of(colleague, 'opened')])).toBe(
      'opened',
    );
  });

  it('among colleagues does not wait for an assistant', () => {
    expect(summary('group', me, [me, colleague, agent], [of(colleague, 'opened'), of(agent, 'sent')])).toBe(
      'opened',
    );
  });
});
