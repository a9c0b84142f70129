import { makeId } from '@baton/kernel';
import { beforeEach, expect, it } from 'vitest';
import { HOUR, NINE, OnePatient, protocolOf } from '../fixtures/one-patient.ts';

const ON_CALL = makeId('role', new Uint8Array(16).fill(7));
const USUAL = makeId('queue', new Uint8Array(16).fill(8));
const PROTOCOL = protocolOf('better-same-worse');
const NAMED = {
  ...PROTOCOL,
  stops: [],
  escalations: PROTOCOL.escalations.map((one) => ({ ...one, owner: one.band === 'red' ? ON_CALL : null })),
};

let one: OnePatient;
beforeEach(() => {
  one = new OnePatient();
});

/** Who is asked of a red alert, and again when nobody has acted. */
async function askedOfRed(): Promise<readonly (string | null)[]> {
  await one.passTo(NINE);
  await one.write('3', one.last('feel'));
  await one.write('1', one.last('breathe'));
  const [alert] = one.alerts();
  if (alert?.band !== 'red') throw new Error('no red alert');
  await one.passTo(alert.callBackBy + HOUR);
  const about = one.world.asked.filter(({ asked }) => asked.text.includes(alert.reason));
  return [...new Set(about.map(({ asked }) => asked.first))];
}

it('whom the protocol names for an escalation is asked before whoever is asked of the patient, and again', async () => {
  one.enrol(NAMED, 0, { askTo: USUAL });
  expect(await askedOfRed()).toEqual([ON_CALL]);
});

it('who is asked of the patient is asked where the protocol names nobody', async () => {
  one.enrol({ ...PROTOCOL, stops: [] }, 0, { askTo: USUAL });
  expect(await askedOfRed()).toEqual([USUAL]);
});
