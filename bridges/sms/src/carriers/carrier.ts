import type { ServedRequest } from '@baton/agent';
import type { Bytes, TimestampMs } from '@baton/kernel';
import type { TextState } from '@baton/wire';
import { z } from 'zod';

const CARRIERS = ['simulator', 'twilio', 'telnyx'] as const;
export type CarrierName = (typeof CARRIERS)[number];

/** One text on its way out. */
export interface OutgoingText {
  /** E.164. */
  readonly to: string;
  readonly text: string;
  /** Comes back with reports where the carrier allows it; the order's or message's id. */
  readonly reference: string;
}

/** What a carrier answered at once. What becomes of it later comes as a report. */
export type SendOutcome =
  | { readonly ok: true; readonly id: string; readonly state: TextState }
  | {
      readonly ok: false;
      readonly code: CarrierCode;
      /** Worth another try: the carrier was busy or not there. Whether a text went out is then not known. */
      readonly isPassing: boolean;
    };

/** Why a carrier did not take or deliver a text, in words of ours. */
const CARRIER_CODES = [
  /** The carrier holds an opt-out of this number (Twilio 21610, Telnyx 40300). */
  'carrier.opted-out',
  'carrier.bad-number',
  /** Landline, or switched off for good. */
  'carrier.unreachable',
  /** Filtered as unwanted, or the sender is not registered. */
  'carrier.blocked',
  /** Accounts, secrets or number are not as the carrier has them. */
  'carrier.settings',
  'carrier.busy',
  'carrier.failed',
] as const;
export type CarrierCode = (typeof CARRIER_CODES)[number];

/** A picture or file that came with a text, still at the carrier. */
export interface InboundMedia {
  readonly url: string;
  /** As the carrier says; what it is is judged by its bytes. */
  readonly mime: string;
}

/** What stands for a sender: a number, a short code, or a name (3GPP TS 23.040: at most eleven characters). */
export const senderField = z.string().regex(/^(?:\+[1-9]\d{6,14}|\d{3,8}|[\w .&-]{1,11})$/);

export type CarrierEvent =
  | {
      readonly t: 'text';
      /** The carrier's id of the message: the same for every repeat. */
      readonly id: string;
      /** E.164; of short codes and named senders what the carrier says. */
      readonly from: string;
      /** E.164. */
      readonly to: string;
      /** Parts joined. */
      readonly text: string;
      readonly media: readonly InboundMedia[];
      readonly segments: number;
      /** When the carrier took it; null where it does not say. */
      readonly at: TimestampMs | null;
    }
  | {
      readonly t: 'report';
      /** As `send` answered it. */
      readonly id: string;
      readonly state: TextState;
      readonly code: CarrierCode | null;
      readonly segments: number | null;
    };

/** Why a request is not believed. Whoever sent it is not told. */
export type Disbelief =
  | 'no-secret'
  | 'no-signature'
  | 'bad-signature'
  | 'stale'
  | 'replay'
  | 'malformed'
  | 'oversized';

export type Parsed =
  | {
      readonly ok: true;
      readonly events: readonly CarrierEvent[];
      /** To be called once every event is committed; only then is a repeat refused as a replay. */
      readonly taken: () => Promise<void>;
    }
  | {
      readonly ok: false;
      readonly why: Disbelief;
      /** What to answer. A replay of what was taken is answered 200, so that a carrier whose answer was lost rests. */
      readonly status: 200 | 400 | 403 | 413;
    };

export type FetchedMedia =
  | {
      readonly ok: true;
      readonly bytes: Bytes;
      /** By its bytes. */
      readonly mime: string;
      /** File name ending that fits, without the dot. */
      readonly ending: string;
    }
  | {
      readonly ok: false;
      readonly why:
        | 'host'
        | 'redirect'
        | 'missing'
        | 'too-large'
        | 'too-slow'
        | 'kind'
        | 'malware'
        | 'scanner';
    };

/** A provider of text messages, behind one port. */
export interface Carrier {
  readonly name: CarrierName;
  /** The practice's own number, E.164. */
  readonly number: string;
  /** Never throws for what the carrier does. */
  send(text: OutgoingText): Promise<SendOutcome>;
  /** Judges one request of the carrier by its raw bytes before anything in it is believed (T23: fails closed). Never throws. */
  parse(request: ServedRequest): Promise<Parsed>;
  /** From the provider's own hosts only (T22), within limits, by magic bytes, scanned where a scanner is set up. Never throws. */
  fetchMedia(media: InboundMedia): Promise<FetchedMedia>;
}

/** One e-mail: plain text only. */
export interface OutgoingMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface MailSender {
  readonly name: 'simulator' | 'smtp';
  /** Never throws. */
  send(mail: OutgoingMail): Promise<{ readonly ok: boolean; readonly isPassing: boolean }>;
}
