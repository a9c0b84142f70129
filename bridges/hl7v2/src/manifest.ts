import type { Manifest } from '@baton/wire';

/** What the assistant of an HL7 v2 interface asks for, beside the digest of its code and who answers for it. It reaches no other host. */
export const HL7V2_MANIFEST: Pick<Manifest, 'program' | 'purposes' | 'access' | 'duty'> = {
  program: 'hl7v2',
  purposes: [
    'Takes the visits that the record system reports (HL7 v2) into the appointments',
    'Keeps messages that it cannot use, sealed, for staff to look at',
    'Marks a patient as deceased where the record system says so, so that nothing is sent any more',
    'Can read appointments, how patients are reached, and which record number is whose',
    'Writes no messages, and reads none',
  ],
  access: [{ kind: 'collection', history: true, writes: ['put'] }],
  duty: false,
};
