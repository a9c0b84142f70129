import { assembleKnowledge, type PhonePartsPorts } from './assemble-knowledge.ts';
import { assembleMail } from './assemble-mail.ts';

export type PhoneParts = ReturnType<typeof assemblePhone>;

/** The parts of a client that a patient needs, and no others: no ladders, no registry, no search, no set-up. */
export function assemblePhone(ports: PhonePartsPorts) {
  const knowledge = assembleKnowledge(ports);
  return { ...knowledge, ...assembleMail(ports, knowledge) };
}
