import type { Manifest } from '@baton/wire';

/** What the check-in assistant asks for, beside the digest of its code and who answers for it (docs/protocol/programmes.md §5). */
export const CHECK_INS_MANIFEST: Pick<Manifest, 'program' | 'purposes' | 'access' | 'duty'> = {
  program: 'check-ins',
  purposes: [
    'Asks patients who agreed to it the questions of a check-in protocol, at the time of day that was set for them',
    'Understands answers by rules, answers with the protocol’s own texts, and asks a clinician in the staff-only notes where the protocol says so',
    'Runs only protocols that two people of the organisation have signed',
    'Ends what an answer to its own question asked of staff, where it has dealt with it; leaves it where it has not',
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
