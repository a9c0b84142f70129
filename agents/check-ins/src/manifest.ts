import type { Manifest } from '@baton/wire';

/** What the check-in assistant asks for, beside the digest of its code and who answers for it (docs/protocol/programmes.md §5). */
export const CHECK_INS_MANIFEST: Pick<Manifest, 'program' | 'purposes' | 'access' | 'duty'> = {
  program: 'check-ins',
  purposes: [
    'Asks patients who agreed to it how they are, by protocols that two people of the organisation have signed',
    'Understands answers by rules, and answers with the protocol’s own texts',
    'Asks a clinician in the staff-only notes where the protocol says so',
    'Ends what an answer to its own question asked of staff, where it has dealt with it',
    'Can therefore read patients’ conversations, also what was written before it joined',
  ],
  access: [
    // With history: the practice card says whom to ask, and was written before.
    { kind: 'patient', history: true, writes: ['message', 'settle'] },
    { kind: 'sidebar', history: false, writes: ['message'] },
    // Enrolments, runs and alerts; a consent that a patient gave by an answer; and its own state.
    { kind: 'collection', history: true, writes: ['put'] },
  ],
  duty: false,
};
