import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, NINE, OnePatient, protocolOf } from '../fixtures/one-patient.ts';

let one: OnePatient;

/** A dialogue is open, and nothing can be sent into the conversation any more. */
beforeEach(async () => {
  one = new OnePatient();
  one.enrol(protocolOf('better-same-worse'));
  await one.passTo(NINE);
  one.world.isBlocked = () => true;
});

const told = () => one.world.asked.filter(({ asked }) => asked.text.startsWith('A message of a check-in'));

describe('a message that cannot be sent', () => {
  it('holds up neither answers nor alerts', async () => {
    await one.write('3', one.last('feel'));
    await one.writeAs('I cannot breathe, my chest hurts', null);
    expect(one.alerts()).toMatchObject([{ kind: 'red-flag', band: 'red' }]);
    expect(one.world.asked.map(({ asked }) => asked.contract)).toEqual(['stat']);
    expect(one.said()).toEqual(['feel']);
  });

  it('holds up no dialogue of the schedule', async () => {
    await one.write('2', one.last('feel'));
    await one.passTo(NINE + 12 * HOUR);
    expect(one.world.runs().map(({ slot }) => slot)).toEqual(['morning', 'evening']);
  });

  it('goes when it can, once, and what it answers is owed until then', async () => {
    const said = await one.write('2', one.last('feel'));
    await one.passTo(NINE + 5 * MINUTE);
    expect(one.isSettled(said)).toBe(false);
    one.world.isBlocked = () => false;
    await one.passTo(NINE + 8 * MINUTE);
    expect(one.said()).toEqual(['feel', 'closing']);
    expect(one.isSettled(said)).toBe(true);
    expect(told()).toEqual([]);
  });

  it('is told to staff when that lasts, once', async () => {
    await one.write('2', one.last('feel'));
    await one.passTo(NINE + 10 * MINUTE);
    expect(told()).toEqual([]);
    await one.passTo(NINE + 3 * HOUR);
    expect(told()).toHaveLength(1);
    expect(told()[0]?.asked).toMatchObject({ contract: 'reply', text: /still waits to be sent/ });
  });
});
