import type { Manifest } from '@baton/wire';

/** What the texting assistant asks for, beside the hosts of its carrier (`hostsFor`), the digest of its code and who answers for it. */
export const SMS_MANIFEST: Pick<Manifest, 'program' | 'purposes' | 'access' | 'duty'> = {
  program: 'sms',
  purposes: [
    'Writes patients’ text messages into their conversations, and asks for an answer to each',
    'Tells patients by text that a message waits; sends the message itself only to those who asked for that',
    'Sends the texts and e-mails that staff order, and stops when a number opts out',
    'Can therefore read what is written in patients’ conversations from when it joins, and in the queue of unknown numbers',
    'Cannot read staff-only notes',
  ],
  access: [
    { kind: 'patient', history: false, writes: ['message', 'delivery'] },
    { kind: 'queue', history: false, writes: ['message'] },
    // How patients are reached, consents, opt-outs and orders; and its own state.
    { kind: 'collection', history: true, writes: ['put'] },
  ],
  duty: false,
};
