import type { TimelineMessage } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { failureSentence } from '../../design/words/error-sentences.ts';
import { AnswerChoice } from './answer-choice.tsx';
import { AskPanel, NoAskingNote } from './ask-panel.tsx';
import style from './composer.module.css';
import { ComposerField } from './composer-field.tsx';
import { ComposerTools } from './composer-tools.tsx';
import { FileChips } from './file-chips.tsx';
import { TemplateFields } from './template-fields.tsx';
import { type ComposerProps, useComposer } from './use-composer.ts';

/** Where a message is written. Give it a key per conversation. */
export function Composer(props: ComposerProps) {
  const { replyTo, onReplyTo } = props;
  const { i18n } = useLingui();
  const composer = useComposer(props);
  const [dragging, setDragging] = useState(false);
  const { summary } = composer;
  if (summary.closed) {
    return (
      <div className={style['composer']}>
        <Notice tone="info">
          <Trans>This conversation is closed. It can be read, but nothing can be added.</Trans>
        </Notice>
      </div>
    );
  }
  return (
    // Dropping a file is one way; the attach button is the other (WCAG 2.5.7).
    <div
      className={style['composer']}
      data-dragging={dragging || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        composer.takeFiles(event.dataTransfer.files);
      }}
    >
      {summary.blocked !== null && (
        <Notice tone="waiting" role="status">
          {failureSentence(summary.blocked, i18n)}
        </Notice>
      )}
      {props.note}
      <FailureNotice sentence={composer.action.failure ?? composer.files.refusal} />
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the fields inside */}
      <div
        className={style['box']}
        data-contract={composer.asking.contract}
        onKeyDown={composer.onAnyKeyDown}
      >
        <AskPanel asking={composer.asking} />
        <AnswerChoice asking={composer.asking} />
        {replyTo !== null && <ReplyLine message={replyTo} onCancel={() => onReplyTo(null)} />}
        <FileChips files={composer.files} />
        {composer.template.form === null ? (
          <ComposerField composer={composer} />
        ) : (
          <TemplateFields
            key={composer.template.form.kind}
            form={composer.template.form}
            template={composer.template}
            onText={composer.setPart}
            onCancel={() => composer.chooseTemplate(null)}
            onKeyDown={composer.onKeyDown}
          />
        )}
        <ComposerTools
          composer={composer}
          conversation={props.conversation}
          tools={props.renderTools?.({ text: composer.draft.text, setText: composer.draft.setText })}
        />
        <NoAskingNote asking={composer.asking} />
      </div>
    </div>
  );
}

function ReplyLine({
  message,
  onCancel,
}: {
  readonly message: TimelineMessage;
  readonly onCancel: () => void;
}) {
  const { t } = useLingui();
  const author = message.author.name;
  return (
    <div className={style['reply']}>
      <span>
        <b>{t`Reply to ${author}`}</b> <span className={style['reply-text']}>{message.text}</span>
      </span>
      <IconAction size="small" side="top" label={t`Do not reply to this`} onClick={onCancel}>
        <IconX size={16} />
      </IconAction>
    </div>
  );
}
