import type { TimelineMessage } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { plural } from '@lingui/core/macro';
import {
  IconAlertTriangle,
  IconDeviceMobileMessage,
  IconFlask,
  IconLink,
  IconMessageOff,
  IconRobot,
  IconTag,
} from '@tabler/icons-react';
import { useTopicName } from '../../design/session/use-topic-name.ts';
import { codeWords } from '../../design/words/text-code-words.ts';
import style from './care-marks.module.css';

/** What a message between practice and patient carries beside its text: the way it came or went, its topic, its red flags. */
export function CareMarks({ message }: { readonly message: TimelineMessage }) {
  const { t } = useLingui();
  const { via, topic, flags, result, automatic, delivery } = message;
  const topicName = useTopicName(topic);
  if (
    via === null &&
    topic === null &&
    flags.length === 0 &&
    result === null &&
    !automatic &&
    delivery === null
  )
    return null;
  return (
    <p className={style['marks']}>
      {flags.length > 0 && (
        <span className={style['mark']} data-tone="stat">
          <IconAlertTriangle size={14} stroke={2} aria-hidden="true" />
          {via === null ? (
            <Trans>Emergency words found on the patient's own device</Trans>
          ) : (
            <Trans>Emergency words found by the texting assistant</Trans>
          )}
        </span>
      )}
      {via !== null && (
        <span className={style['mark']}>
          <IconDeviceMobileMessage size={14} stroke={1.9} aria-hidden="true" />
          {via.channel === 'email' ? t`by e-mail from ${via.from}` : t`by text from ${via.from}`}
          {via.person !== null && ` · ${via.person}`}
        </span>
      )}
      {topic !== null && (
        <span className={style['mark']}>
          <IconTag size={14} stroke={1.9} aria-hidden="true" />
          {topicName}
        </span>
      )}
      {result !== null && (
        <span className={style['mark']}>
          <IconFlask size={14} stroke={1.9} aria-hidden="true" />
          {t`Result: ${result.title}`}
        </span>
      )}
      {automatic && (
        <span className={style['mark']}>
          <IconRobot size={14} stroke={1.9} aria-hidden="true" />
          <Trans>sent automatically</Trans>
        </span>
      )}
      {delivery !== null && <Delivery delivery={delivery} />}
    </p>
  );
}

function Delivery({ delivery }: { readonly delivery: NonNullable<TimelineMessage['delivery']> }) {
  const { t, i18n } = useLingui();
  const { mode, state, segments, code } = delivery;
  const isPlain = mode === 'plain';
  const bad = state === 'failed' || state === 'refused';
  const Icon = bad ? IconMessageOff : isPlain ? IconDeviceMobileMessage : IconLink;
  const parts = segments > 1 ? ` · ${plural(segments, { one: '# text', other: '# texts' })}` : '';
  const why = code === null ? '' : ` · ${codeWords(code, i18n)}`;
  const words = {
    waiting: isPlain ? t`text waits` : t`the text that announces it waits`,
    sent: isPlain ? t`sent as plain text` : t`announced by text`,
    delivered: isPlain ? t`plain text delivered` : t`announcement delivered`,
    failed: isPlain ? t`text not delivered` : t`announcement not delivered`,
    refused: t`not texted`,
  }[state];
  return (
    <span className={style['mark']} data-tone={bad ? 'danger' : undefined}>
      <Icon size={14} stroke={1.9} aria-hidden="true" />
      {words}
      {parts}
      {why}
    </span>
  );
}
