import type { TimestampMs } from '@baton/kernel';
import type { TextOrder } from '@baton/wire';
import { invitationMail } from '../mail/invitation-mail.ts';
import type { TextingView } from '../records/texting-book.ts';
import type { Surroundings } from '../surroundings.ts';
import type { TextSender } from './text-sender.ts';

const MAIL_TRIES = 12;
const FIRST_PAUSE_MS = 5000;
const LAST_PAUSE_MS = 600_000;

/** Texts and e-mails that people and agents asked for, in the collection `texting`. An order is its own record: what waits there is still to be done. */
export class Orders {
  readonly #around: Surroundings;
  readonly #sender: TextSender;
  #off: () => void = () => {};

  constructor(around: Surroundings, sender: TextSender) {
    this.#around = around;
    this.#sender = sender;
  }

  start(): void {
    const { texting, agenda, context } = this.#around;
    const look = (): void => agenda.set('orders', context.clock.nowMs());
    this.#off = texting.values.subscribe(look);
    look();
  }

  stop(): void {
    this.#off();
  }

  /** Takes up every order that waits. */
  async look(): Promise<null> {
    const { texting, agenda, context } = this.#around;
    const nowMs = context.clock.nowMs();
    for (const { id, state, dueAt } of (await texting.now()).orders)
      if (state === 'waiting') agenda.set(`order/${id}`, dueAt ?? nowMs);
    return null;
  }

  async work(id: string): Promise<TimestampMs | null> {
    const view = await this.#around.texting.newest();
    const order = view.orders.find((one) => one.id === id);
    if (order?.state !== 'waiting') return null;
    return 'phone' in order.to
      ? this.#text(order, order.to.phone, view)
      : this.#mail(order, order.to.email, view);
  }

  async #text(order: TextOrder, number: string, view: TextingView): Promise<TimestampMs | null> {
    const reach = order.ref === null ? null : (view.reach.get(order.ref) ?? null);
    const outcome = await this.#sender.send({
      reference: `o.${order.id}`,
      number,
      ref: order.ref,
      purpose: order.purpose,
      // Only what staff write to a patient who asked for plain texts may say something of them.
      mode: order.purpose === 'staff' && reach?.channel === 'plain' ? 'plain' : 'link',
      language: order.language,
      text: order.text,
      urgentBy: order.urgentBy,
      answerTo: null,
      continues: null,
      notAfter: order.notAfter,
      about: { order: order.id, conv: null, messages: [] },
    });
    switch (outcome.t) {
      case 'done':
        return null;
      case 'refused':
        await this.#set(order.id, { state: 'refused', code: outcome.code, dueAt: null });
        return null;
      case 'wait':
        await this.#set(order.id, { state: 'waiting', code: outcome.code, dueAt: outcome.untilMs });
        return outcome.untilMs;
      case 'again':
        return outcome.atMs;
    }
  }

  async #mail(order: TextOrder, to: string, view: TextingView): Promise<TimestampMs | null> {
    const { memory, mail, context } = this.#around;
    const { settings } = view;
    const words = settings && invitationMail(order, { ...settings, publicUrl: context.publicUrl });
    const refusal =
      mailRefusal(order, view, context.clock.nowMs()) ?? (words === null ? 'mail.no-link' : null);
    if (refusal !== null || words === null || mail === null) {
      await this.#set(order.id, { state: 'refused', code: refusal ?? 'no-mail', dueAt: null });
      return null;
    }
    const reference = `o.${order.id}`;
    const known = memory.texts.get(reference);
    const tries = known?.parts[0]?.tries ?? 0;
    if (known?.parts[0]?.state !== 'sent') {
      await memory.texts.put(
        reference,
        mailRow(order, to, { tries: tries + 1, madeAt: context.clock.nowMs(), state: 'waiting' }),
      );
      context.lease.requireHeld();
      const sent = await mail.send({ to, ...words });
      if (!sent.ok && sent.isPassing && tries + 1 < MAIL_TRIES)
        return context.clock.nowMs() + Math.min(FIRST_PAUSE_MS * 2 ** tries, LAST_PAUSE_MS);
      const state = sent.ok ? 'sent' : 'failed';
      await memory.texts.put(
        reference,
        mailRow(order, to, { tries: tries + 1, madeAt: context.clock.nowMs(), state }),
      );
    }
    this.#around.agenda.set(`tell/${reference}`, context.clock.nowMs());
    return null;
  }

  async #set(id: string, change: Pick<TextOrder, 'state' | 'code' | 'dueAt'>): Promise<void> {
    const { texting, context } = this.#around;
    const updatedAt = context.clock.nowMs();
    context.lease.requireHeld();
    await texting.values.update(`order:${id}`, (newest) => {
      if (newest?.value.t !== 'order' || newest.value.state !== 'waiting') return null;
      const { state, code, dueAt } = newest.value;
      if (state === change.state && code === change.code && dueAt === change.dueAt) return null;
      return { ...newest.value, ...change, updatedAt };
    });
  }
}

/** An e-mail has no quiet hours; who is not to be contacted is not contacted by it either. */
function mailRefusal(order: TextOrder, view: TextingView, nowMs: TimestampMs): string | null {
  const reach = order.ref === null ? null : view.reach.get(order.ref);
  if (nowMs > order.notAfter) return 'too-late';
  if (reach?.deceased) return 'deceased';
  return reach?.doNotContact ? 'do-not-contact' : null;
}

function mailRow(
  order: TextOrder,
  to: string,
  {
    tries,
    madeAt,
    state,
  }: { readonly tries: number; readonly madeAt: TimestampMs; readonly state: 'waiting' | 'sent' | 'failed' },
) {
  return {
    order: order.id,
    conv: null,
    messages: [],
    mode: 'link' as const,
    to,
    contact: null,
    madeAt,
    withStop: false,
    parts: [{ state, carrierId: null, code: state === 'failed' ? 'mail.failed' : null, tries }],
    segments: 0,
    told: null,
  };
}
