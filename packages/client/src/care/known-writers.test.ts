import { describe, expect, it } from 'vitest';
import { idOf } from '../fixtures/ids.ts';
import { reachWith } from './fixtures/practice.ts';
import { findWriters } from './known-writers.ts';

const [ANA, BO, CLEO] = [idOf('account', 1), idOf('account', 2), idOf('account', 3)] as const;
type Person = ReturnType<typeof reachWith>['people'][number];
const person = (more: Partial<Person>): Person => ({
  account: ANA,
  relation: 'parent',
  name: 'Ana Núñez',
  until: null,
  consent: null,
  invitation: null,
  ended: false,
  ...more,
});
const reaches = [
  reachWith({ ref: 'Patient/1', name: 'Mateo Ruiz', people: [person({})] }),
  reachWith({
    ref: 'Patient/2',
    name: 'Luz Ruiz',
    people: [person({ relation: 'guardian' }), person({ account: BO, name: 'Bo Lee', ended: true })],
  }),
  reachWith({
    ref: 'Patient/3',
    name: 'Cleo Grant',
    people: [person({ account: CLEO, relation: 'self', name: 'Cleo Grant' })],
  }),
];
const find = (query: string, hasJoined: (account: string) => boolean = () => true) =>
  findWriters(reaches, query, hasJoined);

describe('who has an account already', () => {
  it('is found by their own name, or by the patient they write for, once for all of them', () => {
    const ana = {
      account: ANA,
      name: 'Ana Núñez',
      writesFor: [
        { ref: 'Patient/1', patient: 'Mateo Ruiz', relation: 'parent' },
        { ref: 'Patient/2', patient: 'Luz Ruiz', relation: 'guardian' },
      ],
    };
    expect(find('nunez')).toEqual([ana]);
    expect(find('luz ru')).toEqual([ana]);
    expect(find('cleo')).toMatchObject([{ account: CLEO, writesFor: [{ relation: 'self' }] }]);
    expect(find('nobody')).toEqual([]);
    expect(find('  ')).toEqual([]);
  });

  it('is nobody whose access has ended, and nobody who has not joined', () => {
    expect(find('bo lee')).toEqual([]);
    expect(find('ana', (account) => account !== ANA)).toEqual([]);
  });
});
