import type { Manifest } from '@baton/wire';

/** What the reminders assistant asks for, beside the digest of its code and who answers for it (docs/protocol/programmes.md §4). */
export const REMINDERS_MANIFEST: Pick<Manifest, 'program' | 'purposes' | 'access' | 'duty'> = {
  program: 'reminders',
  purposes: [
    'Reminds patients of their visits, and takes their answers: confirmed, another time, cannot come',
    'Takes back what it said of a visit that was cancelled or moved, while nobody has had it',
    'Offers free times to patients who asked for another one, and to the waitlist, one patient at a time',
    'Writes to patients who missed a visit or are overdue for one, as far as the practice has switched that on',
    'Ends what an answer to its own question asked of staff, where it has dealt with it; leaves it where it has not',
    'Can therefore read what is written in patients’ conversations from when it joins',
  ],
  access: [
    { kind: 'patient', history: false, writes: ['message', 'withdrawal', 'settle'] },
    { kind: 'sidebar', history: false, writes: ['message'] },
    // Visits, slots, waitlist, recalls, how patients are reached; and its own state.
    { kind: 'collection', history: true, writes: ['put'] },
  ],
  duty: false,
};
