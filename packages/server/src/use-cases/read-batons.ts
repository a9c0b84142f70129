import { type BatonId, encodeBase64Url, type MessageId } from '@baton/kernel';
import { openEnvelope } from '@baton/ledger';
import type { BatonBody, batonEscalation, batonPage } from '@baton/wire';
import type { z } from 'zod';
import { loadActor, requirePermission } from '../access/actor.ts';
import { openBatonFor, readerOf, rolesHeldBy } from '../access/baton-door.ts';
import type { Session } from '../access/sessions.ts';
import { accept, notFound } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { readBatonFeed, readChains } from '../store/batons.ts';
import { findEscalation } from '../store/escalations.ts';
import { findItem } from '../store/items.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'keyLogs' | 'duty' | 'certificates' | 'audit'>;

/** Batons of mine that changed after a position, each with its whole chain, in the order of their newest change. */
export async function listBatons(
  needs: Needs,
  session: Session,
  page: { after: number; limit: number },
): Promise<z.infer<typeof batonPage>> {
  requirePermission(await loadActor(needs.keyLogs, session), 'baton.read');
  const book = await needs.duty.refresh(session.org);
  const reader = readerOf(book, session, needs.ports.clock.nowMs());
  return needs.db.inOrg(session.org, async (trx) => {
    const feed = await readBatonFeed(trx, reader, { after: page.after, limit: page.limit + 1 });
    const shown = feed.batons.slice(0, page.limit);
    const chains = await readChains(
      trx,
      shown.map(({ baton }) => baton as BatonId),
    );
    const more = feed.batons.length > page.limit;
    const last = shown.at(-1)?.pos ?? page.after;
    return {
      batons: shown.map(
        ({ baton, pos, via }): BatonBody => ({
          baton: baton as BatonId,
          pos,
          via,
          events: (chains.get(baton as BatonId) ?? []).map(({ body, at }) => ({
            event: encodeBase64Url(body),
            at,
          })),
        }),
      ),
      upTo: more ? last : Math.max(feed.newest, last),
      more,
    };
  });
}

/** What the ladder hands to somebody who is reached: the message, its context, and the boxes that the caller opens. */
export async function readEscalation(
  needs: Needs,
  session: Session,
  baton: BatonId,
): Promise<z.infer<typeof batonEscalation>> {
  const actor = await loadActor(needs.keyLogs, session);
  requirePermission(actor, 'baton.read');
  const { row, book } = await openBatonFor(needs, session, baton);
  if (row.message === null) throw notFound();
  const readers = [actor.account, ...rolesHeldBy(book, session)];
  const message = row.message as MessageId;
  const found = await needs.db.inOrg(session.org, async (trx) => {
    const escalation = await findEscalation(trx, message, readers);
    const item = escalation === null ? null : await findItem(trx, escalation.conv, message);
    return escalation === null || item === null ? null : { escalation, item };
  });
  if (found === null) throw notFound();
  const { escalation, item } = found;
  const { header } = accept(openEnvelope(needs.ports.digest, item.b));
  const certificate = await needs.certificates.signed(session.org, header.dk);
  if (certificate === null) throw notFound();
  await needs.audit.recordOnce(session.org, `${session.session}${baton}`, {
    actor: session.account,
    session: session.session,
    action: 'baton.read',
    object: baton,
    outcome: 'ok',
    code: null,
  });
  return {
    envelope: encodeBase64Url(item.b),
    certificate: encodeBase64Url(certificate),
    seq: item.seq,
    at: item.ts,
    boxes: escalation.boxes.map(encodeBase64Url),
    context: encodeBase64Url(escalation.context),
  };
}
