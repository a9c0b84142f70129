import type { Protocol } from '../protocol.ts';
import { checkReferences } from './check-references.ts';
import { checkRules } from './check-rules.ts';
import { checkTexts } from './check-texts.ts';
import type { ExplorationChecks } from './exploration.ts';

/** A fault that is in the document itself. `near`: question or text by which a dialogue shows it. */
export interface DocumentProblem {
  readonly rule: string;
  readonly at: string;
  readonly words: string;
  readonly near: string | null;
}

/** What can be seen without a dialogue: names that lead nowhere, rules of safety, texts. */
export function checkDocument(protocol: Protocol, checks: ExplorationChecks): readonly DocumentProblem[] {
  return [...checkReferences(protocol), ...checkRules(protocol), ...checkTexts(protocol, checks)];
}
