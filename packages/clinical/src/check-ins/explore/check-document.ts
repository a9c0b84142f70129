import type { Protocol } from '../protocol.ts';
import { checkReferences } from './check-references.ts';
import { checkRules } from './check-rules.ts';
import { checkTexts } from './check-texts.ts';
import type { DocumentProblem } from './document-problem.ts';
import type { ExplorationChecks } from './exploration.ts';

/** What can be seen without a dialogue: names that lead nowhere, rules of safety, texts. */
export function checkDocument(protocol: Protocol, checks: ExplorationChecks): readonly DocumentProblem[] {
  return [...checkReferences(protocol), ...checkRules(protocol), ...checkTexts(protocol, checks)];
}
