export {
  NO_FLAG,
  readSamples,
  readScenarios,
  type Sample,
  type SamplePart,
  type Scenario,
} from './evaluation/samples.ts';
export { type Score, scoreSamples, type Share, shareOf } from './evaluation/score.ts';
export { PATIENT_GRADE, type ReadingLevel, readingLevel } from './reading/reading-level.ts';
export { countSyllables } from './reading/syllables.ts';
export { type EmergencyText, emergencyText } from './triage/emergency-text.ts';
export {
  findRedFlags,
  type FoundRedFlag,
  mentionsChemotherapy,
  type RedFlagOptions,
} from './triage/find-red-flags.ts';
export { type TriageContent, triageContent } from './triage/triage-content.ts';
export {
  type ContextKind,
  type RedFlagLevel,
  TRIAGE_VERSION,
  type TriageRule,
  type TriageSource,
  triageRules,
} from './triage/triage-rules.ts';
export { ALARM_CODES, CODES_OF_KIND, type Symptom, SYMPTOMS } from './understanding/codes.ts';
export { saysMore } from './understanding/says-more.ts';
export type {
  Expectation,
  ExpectationKind,
  ExpectedChoice,
  RedFlagLike,
  ReplyModel,
  SureUnderstanding,
  Understanding,
  UnsureUnderstanding,
} from './understanding/understanding.ts';
