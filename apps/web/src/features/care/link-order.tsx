import type { EventId } from '@baton/kernel';
import { Trans, useLingui } from '@lingui/react/macro';
import { Notice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { codeWords } from '../../design/words/text-code-words.ts';

/** What became of the text or e-mail that carries an invitation's link. Nobody is told that it goes before it does. */
export function LinkOrder({ patient, order: id }: { readonly patient: string; readonly order: EventId }) {
  const { t, i18n } = useLingui();
  const { orders } = useLive(useSession().care.chart(patient));
  const order = orders.find((candidate) => candidate.id === id);
  const code = order?.code ?? null;
  const why = code === null ? '' : codeWords(code, i18n);
  switch (order?.state) {
    case 'refused':
    case 'failed':
      return (
        <Notice tone="danger" role="alert">
          {why === ''
            ? t`The link was not sent. Make a new invitation and hand the link over.`
            : t`The link was not sent: ${why}. Make a new invitation and hand the link over.`}
        </Notice>
      );
    case 'sent':
    case 'delivered':
      return (
        <Notice tone="done" role="status">
          <Trans>The link has been sent. Whether it arrived is shown under Texts and e-mails.</Trans>
        </Notice>
      );
    case 'waiting':
    case undefined:
      return (
        <Notice tone="info" role="status">
          {why === ''
            ? t`The link waits to be sent. What becomes of it is shown here, and under Texts and e-mails.`
            : t`The link waits to be sent: ${why}. What becomes of it is shown here, and under Texts and e-mails.`}
        </Notice>
      );
  }
}
