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
export type { Deliver } from './simulator/phone-simulator.ts';
export { SMS_MANIFEST } from './manifest.ts';
export { program } from './program.ts';
export { Texting, type TextingContext } from './start-texting.ts';
