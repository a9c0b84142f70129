import type { AccountId } from '@baton/kernel';
import {
  appointmentsValueSchema,
  deskValueSchema,
  type Job,
  JOBS,
  programmesValueSchema,
  textingValueSchema,
} from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { mayDeleteValue, mayWriteValue, VALUE_WRITERS, type ValueAuthor, type ValueKind } from '../index.ts';

const KINDS = [textingValueSchema, deskValueSchema, appointmentsValueSchema, programmesValueSchema]
  .flatMap(({ options }) => options.map(({ shape }) => shape.t.value))
  .concat('patient' as never) as readonly ValueKind[];

const author = (more: Partial<ValueAuthor>): ValueAuthor => ({
  account: 'a_AAAAAAAAAAAAAAAAAAAAAA' as AccountId,
  dk: new Uint8Array(32),
  kind: 'user',
  jobs: [],
  program: null,
  ...more,
});
const agent = (program: string): ValueAuthor => author({ kind: 'agent', jobs: ['agent'], program });
const person = (...jobs: Job[]): ValueAuthor => author({ jobs });

describe('who may write which kind of value', () => {
  it('is said of every kind that there is, and of no other', () => {
    expect(Object.keys(VALUE_WRITERS).sort()).toEqual([...KINDS].sort());
  });

  /** Written out a second time, program by program. */
  const PROGRAMS: Readonly<Record<string, readonly ValueKind[]>> = {
    sms: ['consent', 'optout', 'order'],
    triage: ['thread'],
    reminders: ['appointment', 'slot', 'wait', 'sent', 'recall', 'write-back', 'no-show-model'],
    'check-ins': ['consent', 'enrolment', 'run', 'alert'],
    hl7v2: ['reach', 'appointment', 'feed', 'held', 'write-back'],
    fhir: ['reach', 'appointment', 'feed', 'held', 'write-back'],
    duty: [],
    'some-other': [],
  };

  it.each(Object.entries(PROGRAMS))('lets %s write what is its business', (program, kinds) => {
    expect(KINDS.filter((kind) => mayWriteValue(kind, agent(program))).sort()).toEqual([...kinds].sort());
  });

  it('gives no assistant what people decide, whatever jobs a statement lists for it', () => {
    const sly = author({ kind: 'agent', jobs: ['physician', 'practice-manager'], program: 'notes' });
    expect(KINDS.filter((kind) => mayWriteValue(kind, sly))).toEqual([]);
  });

  it('lets patients, proxies and who has no job of the practice write nothing', () => {
    for (const kind of KINDS) {
      expect(mayWriteValue(kind, author({ kind: 'patient', jobs: ['patient', 'proxy', 'nurse'] }))).toBe(
        false,
      );
      expect(mayWriteValue(kind, person('outside-clinician', 'transport', 'compliance-officer'))).toBe(false);
      expect(mayWriteValue(kind, person())).toBe(false);
    }
  });

  it('lets clinicians sign content off and nobody else', () => {
    const signers = JOBS.filter((job) => mayWriteValue('sign-off', person(job)));
    expect(signers).toEqual(['physician', 'app', 'nurse', 'charge-nurse', 'pharmacist']);
  });

  it('is no question of what the assistants alone keep', () => {
    const all = person(...JOBS);
    expect(KINDS.filter((kind) => !mayWriteValue(kind, all))).toEqual(['sent', 'no-show-model', 'run']);
  });

  it('ends no consent, opt-out, sign-off or signature by deleting it', () => {
    const all = person(...JOBS);
    expect(KINDS.filter((kind) => mayWriteValue(kind, all) && !mayDeleteValue(kind, all)).sort()).toEqual([
      'consent',
      'optout',
      'sign-off',
      'signature',
    ]);
    expect(mayDeleteValue('held', agent('hl7v2'))).toBe(true);
    for (const program of Object.keys(PROGRAMS))
      expect(KINDS.filter((kind) => kind !== 'held' && mayDeleteValue(kind, agent(program)))).toEqual([]);
  });
});
