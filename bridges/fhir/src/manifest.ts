import type { Manifest } from '@baton/wire';

/** What the assistant of a FHIR interface asks for, beside the hosts of its settings (`hostsFor`), the digest of its code and who answers for it. */
export const FHIR_MANIFEST: Pick<Manifest, 'program' | 'purposes' | 'access' | 'duty'> = {
  program: 'fhir',
  purposes: [
    'Fetches visits from the record system (FHIR R4) into the appointments',
    'Offers the record system what patients answered and what staff changed, where that is switched on',
    'Keeps entries that it cannot use, sealed, for staff to look at',
    'Marks a patient as deceased where the record system says so, so that nothing is sent any more',
    'Can read appointments, how patients are reached, and which record number is whose',
    'Writes no messages, and reads none',
  ],
  access: [{ kind: 'collection', history: true, writes: ['put'] }],
  duty: false,
};
