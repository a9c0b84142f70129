import type { Chart } from '@baton/client';
import type { TextState } from '@baton/wire';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { tableTime } from '../../design/words/time-words.ts';
import { codeWords } from '../../design/words/text-code-words.ts';
import { PanelPart } from './panel-part.tsx';
import style from './patient-panel.module.css';

const STATE_NAMES: Readonly<Record<TextState, MessageDescriptor>> = {
  waiting: msg`waiting`,
  sent: msg`sent`,
  delivered: msg`delivered`,
  failed: msg`not delivered`,
  refused: msg`not sent`,
};

/** Texts and e-mails that were asked for beside the conversation: invitations, notices. */
export function OrdersPart({ chart }: { readonly chart: Chart }) {
  const { t, i18n } = useLingui();
  const frame = useTimeFrame();
  if (chart.orders.length === 0) return null;
  return (
    <PanelPart title={<Trans>Texts and e-mails</Trans>}>
      <ul className={style['plain']}>
        {chart.orders.slice(0, 12).map((order) => {
          const to = 'phone' in order.to ? order.to.phone : order.to.email;
          const due = order.dueAt === null ? null : tableTime(order.dueAt, frame);
          const bad = order.state === 'failed' || order.state === 'refused';
          return (
            <li key={order.id}>
              <span className={style['line']}>
                <span>{to}</span>
                <span className={bad ? style['danger'] : style['quiet']}>
                  {i18n._(STATE_NAMES[order.state])}
                </span>
              </span>
              <span className={style['quiet']}>
                {tableTime(order.createdAt, frame)}
                {order.state === 'waiting' && due !== null && ` · ${t`goes ${due}`}`}
                {order.code !== null && ` · ${codeWords(order.code, i18n)}`}
              </span>
            </li>
          );
        })}
      </ul>
    </PanelPart>
  );
}
