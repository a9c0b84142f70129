import type { Manifest } from '@baton/wire';

/** What the triage assistant asks for, beside the digest of its code and who answers for it (docs/protocol/patients.md §6). */
export const TRIAGE_MANIFEST: Pick<Manifest, 'program' | 'purposes' | 'access' | 'duty'> = {
  program: 'triage',
  purposes: [
    'Compares what patients write with a list of words for emergencies, and asks a clinician at once in the staff-only notes',
    'Asks for a look when a patient has not opened a result in time',
    'Can therefore read patients’ conversations, also what was written before it joined',
    'Writes nothing to patients',
  ],
  access: [
    // With history: the practice card says whom to ask, and was written before.
    { kind: 'patient', history: true, writes: [] },
    { kind: 'sidebar', history: false, writes: ['message'] },
    // Where each conversation stands in the shared inbox; and its own state.
    { kind: 'collection', history: true, writes: ['put'] },
  ],
  duty: false,
};
