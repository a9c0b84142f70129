export type {
  Carrier,
  CarrierCode,
  CarrierEvent,
  CarrierName,
  Disbelief,
  FetchedMedia,
  InboundMedia,
  MailSender,
  OutgoingMail,
  OutgoingText,
  SendOutcome,
} from './carriers/carrier.ts';
export { hostsFor, readSmsSettings, SIMULATED, type SmsSettings } from './carriers/settings.ts';
export {
  type LineContext,
  type LinePorts,
  openTextingLine,
  type TextingLine,
  WEBHOOK,
} from './carriers/texting-line.ts';
export { planText, type TextPlan } from './inbound/plan-text.ts';
export { EMPTY_THREAD } from './outbound/thread-plan.ts';
export { withAnswered, withAsked } from './prompts.ts';
export { viewOf } from './records/texting-book.ts';
export type { Deliver } from './simulator/phone-simulator.ts';
export { SMS_MANIFEST } from './manifest.ts';
export { program } from './program.ts';
export { Texting, type TextingContext } from './start-texting.ts';
