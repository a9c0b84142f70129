import { type AgentContext, AgentError, type Serve, type ServedResponse } from '@baton/agent';
import type { Clock } from '@baton/kernel';
import { createScanner } from '../media/malware-scanner.ts';
import { createSmtpSender } from '../mail/smtp-sender.ts';
import { PhoneBook } from '../simulator/phone-book.ts';
import { PHONES, servePhones } from '../simulator/phone-door.ts';
import { type Deliver, PhoneSimulator } from '../simulator/phone-simulator.ts';
import type { Carrier, Disbelief, MailSender } from './carrier.ts';
import type { CarrierPorts } from './carrier-ports.ts';
import { ReplayBook } from './replay-book.ts';
import { readSmsSettings, SIMULATED, type SmsSettings } from './settings.ts';
import { createTelnyx } from './telnyx.ts';
import { createTwilio } from './twilio.ts';

/** Where carriers bring texts and reports. */
export const WEBHOOK = '/sms/webhook';

const TELL_EVERY_MS = 60_000;

export type LineContext = Pick<
  AgentContext,
  'secrets' | 'egress' | 'drawer' | 'asset' | 'clock' | 'wait' | 'rng'
>;

export interface LinePorts {
  /** What is done with each event. Rejects where it could not be committed: the carrier then repeats it. */
  readonly deliver: Deliver;
  /** Requests were not believed: the reason, for the log, at most once a minute for each. */
  readonly disbelieved: (why: Disbelief) => void;
  /** Whose phone a simulated one is, as staff know them; null: nobody's that is known. */
  readonly nameOf?: (number: string) => Promise<string | null>;
}

/** The practice's number with its carrier, and its way to send e-mail. */
export interface TextingLine {
  readonly carrier: Carrier;
  /** null: no mail server is set up. */
  readonly mail: MailSender | null;
  /** For `context.serve`: webhooks, and the simulated phones where those are the carrier. */
  readonly serve: Serve;
  /** Begins to bring what was under way. */
  start(): void;
  stop(): void;
}

/**
 * Opens the line that the station's settings say, the simulator where they say nothing. Throws AgentError `settings` where they do not fit: a
 * half secret is no reason to simulate (T23).
 */
export async function openTextingLine(context: LineContext, ports: LinePorts): Promise<TextingLine> {
  const settings = settingsOf(context);
  const { clock, egress, rng, wait } = context;
  const scan = settings.scanner ? createScanner(settings.scanner, wait) : null;
  const replays = new ReplayBook(context.drawer, clock);
  const carrierPorts: CarrierPorts = { clock, egress, rng, wait, replays, scan };
  const smtp = settings.mail ? createSmtpSender(settings.mail, wait) : null;
  const { carrier: chosen } = settings;
  if (chosen.name !== 'simulator') {
    const carrier =
      chosen.name === 'twilio'
        ? await createTwilio(chosen, carrierPorts)
        : await createTelnyx(chosen, carrierPorts);
    return {
      carrier,
      mail: smtp,
      serve: serveWebhooks(carrier, ports, clock),
      start: () => {},
      stop: () => {},
    };
  }
  const book = await PhoneBook.open(context.drawer);
  const simulator = new PhoneSimulator({
    ...carrierPorts,
    book,
    number: chosen.number,
    deliver: ports.deliver,
  });
  const nameOf = ports.nameOf ?? (async () => null);
  const door = { simulator, book, asset: context.asset, nameOf };
  return {
    carrier: simulator,
    mail: smtp ?? simulator,
    serve: async (request) => {
      const isPhones = request.path === PHONES || request.path.startsWith(`${PHONES}/`);
      return isPhones ? servePhones(request, door) : { status: 404 };
    },
    start: () => simulator.start(),
    stop: () => simulator.stop(),
  };
}

function settingsOf({ secrets }: LineContext): SmsSettings {
  if (secrets === null) return SIMULATED;
  const read = readSmsSettings(secrets.reveal());
  if (!read.ok) throw new AgentError('settings', read.error.setting);
  return read.value;
}

/** `2xx` only when everything that the request brought is committed (docs/protocol/patients.md §4). */
function serveWebhooks(carrier: Carrier, { deliver, disbelieved }: LinePorts, clock: Clock): Serve {
  const toldAt = new Map<Disbelief, number>();
  // Whoever floods this with made-up requests writes no log with them.
  const tell = (why: Disbelief): void => {
    if (clock.nowMs() - (toldAt.get(why) ?? Number.NEGATIVE_INFINITY) < TELL_EVERY_MS) return;
    toldAt.set(why, clock.nowMs());
    disbelieved(why);
  };
  return async (request) => {
    if (request.path !== WEBHOOK) return { status: 404 };
    const parsed = await carrier.parse(request);
    if (!parsed.ok) {
      tell(parsed.why);
      return parsed.status === 200 ? done(carrier) : { status: parsed.status };
    }
    try {
      for (const event of parsed.events) await deliver(event);
    } catch {
      return { status: 503, headers: { 'retry-after': '10' } };
    }
    await parsed.taken();
    return done(carrier);
  };
}

/** Twilio reads the answer as instructions (TwiML); none is given. */
function done({ name }: Carrier): ServedResponse {
  if (name !== 'twilio') return { status: 200 };
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: '<Response/>' };
}
