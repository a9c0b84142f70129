import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { named, role } from '../fixtures/organisation.ts';
import { findOwner, type RoutingFacts } from './find-owner.ts';
import { routeMessage } from './route-message.ts';

const askTo = role('front-desk');
const nurses = role('nurses');
const billing = named('queue', 'billing');
const chen = role('chen-team');
const routes = [
  { topic: 'billing', location: null, practitioner: null, to: billing },
  { topic: null, location: 'North', practitioner: 'Dr. Chen', to: chen },
  { topic: 'medication', location: null, practitioner: null, to: nurses },
];
const nothing = { topic: null, location: null, practitioner: null };

describe('routing', () => {
  it('takes the first rule whose every part fits', () => {
    const owner = (facts: Partial<RoutingFacts>) => findOwner({ routes, askTo }, { ...nothing, ...facts });
    expect(owner({})).toBe(askTo);
    expect(owner({ topic: 'billing', location: 'North', practitioner: 'Dr. Chen' })).toBe(billing);
    expect(owner({ location: ' north', practitioner: 'DR. CHEN' })).toBe(chen);
    expect(owner({ location: 'North' })).toBe(askTo);
    expect(owner({ topic: 'medication', location: 'South' })).toBe(nurses);
    expect(owner({ topic: 'unheard-of' })).toBe(askTo);
  });

  it('goes by the first of several practitioners whom a rule names, by name or by reference', () => {
    const to = (practitioners: readonly string[], topic: string | null = null) =>
      routeMessage(
        {
          routes: [{ topic: null, location: null, practitioner: 'Practitioner/chen', to: chen }, ...routes],
          askTo,
        },
        { topic, practitioners },
      );
    expect(to(['Dr. Obi', 'Practitioner/obi', 'Dr. Chen', 'practitioner/chen'])).toBe(chen);
    expect(to(['Dr. Obi'])).toBe(askTo);
    expect(to([], 'medication')).toBe(nurses);
    expect(to(['Practitioner/chen'], 'medication')).toBe(chen);
  });

  it('never ends with nobody', () => {
    const part = fc.option(fc.constantFrom('a', 'b', ''), { nil: null });
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            topic: part,
            location: part,
            practitioner: part,
            to: fc.constantFrom(nurses, billing),
          }),
        ),
        fc.record({ topic: part, location: part, practitioner: part }),
        (some, facts) => {
          expect([askTo, nurses, billing]).toContain(findOwner({ routes: some, askTo }, facts));
        },
      ),
    );
  });
});
