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
